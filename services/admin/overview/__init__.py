"""The first page: how the movement stands."""
