"""What a movement uses personal data for: the lawful basis of each purpose, and over which channels it needs a yes."""
