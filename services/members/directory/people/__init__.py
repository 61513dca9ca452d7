"""The people of a movement: what they are called, how they are reached, and what other systems call them."""
