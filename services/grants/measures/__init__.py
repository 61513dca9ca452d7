"""Published versions of measures, as far as grants knows of them: what the measures service announces."""
