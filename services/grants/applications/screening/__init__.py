"""Screening: whether a round is for the group that applies, whether it applied twice, and who holds its money."""
