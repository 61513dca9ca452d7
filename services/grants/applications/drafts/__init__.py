"""Drafts of applications: saved as far as they have come, resumed, and submitted in the end."""
