"""Amendments: the few rules of a round that may change once it has opened, dated and for a reason."""
