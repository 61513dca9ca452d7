"""Signing up: a person, what they allow, a pledge and who brought them, in one transaction."""
