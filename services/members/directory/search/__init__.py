"""Finding people and organisations by name, whatever the accents, by beginnings, and however misspelt."""
