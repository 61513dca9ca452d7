"""Disclosure control of figures: the profiles that a movement follows, and the border that every way out asks."""
