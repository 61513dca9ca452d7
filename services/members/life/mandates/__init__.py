"""Mandates: who chose the backbone, how and until when, and what partners make of it each year."""
