"""The time bank: an hour is an hour whoever gives it, it has no cash value, and all balances together are zero."""
