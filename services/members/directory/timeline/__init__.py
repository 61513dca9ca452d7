"""Everything that happened to a person, from every noun that has something to tell."""
