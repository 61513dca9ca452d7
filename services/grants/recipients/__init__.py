"""Whose award it is among the organisations of the movement, and who goes on in their place."""
