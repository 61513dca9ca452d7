"""Adoptions: which partner reports which version, how often and from when; what of it is due, and what is missing."""
