"""Protected people: whoever must not be found. They are out of matching, network and lists, and nobody sees where."""
