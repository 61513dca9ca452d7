"""Funds and the contributions that fill them."""
