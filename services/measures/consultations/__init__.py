"""Consultations: how a definition is put to the partners, what they say of it, and what becomes of what they said."""
