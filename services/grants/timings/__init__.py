"""How fast the money moves: days from the closing of a round to money in the bank of its groups."""
