"""Who belongs to the movement, people and organisations, each with a place of its own, and how that ebbs and flows."""
