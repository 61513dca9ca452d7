"""Places by their GSS codes, shared by every movement: a place is a matter of record, not of whoever reports on it."""
