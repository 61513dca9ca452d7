"""Measures and their versions: what a figure means, fixed for ever once it is published."""
