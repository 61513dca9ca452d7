"""The ledger: every movement of money in double entry, for ever, and from whom each pound that was paid came."""
