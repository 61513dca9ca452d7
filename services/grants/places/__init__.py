"""In what places lie, as far as grants knows: what the measures service says of the places that are named here."""
