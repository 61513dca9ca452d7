"""Oneself: who the credential says one is, one's password and one's second factor."""
