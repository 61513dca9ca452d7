"""Nominations of champions: what people affirm of one another, for a time. Evidence, and never a score."""
