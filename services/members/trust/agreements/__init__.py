"""Agreements: between which organisations personal data may pass, of which classes, for which purposes, until when."""
