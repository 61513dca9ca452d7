"""Movements: the tenants. Only a platform key creates and lists them."""
