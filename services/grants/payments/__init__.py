"""Payments of awards: proposed by one person, approved by another, and what the bank makes of them."""
