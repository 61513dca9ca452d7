"""Trying out a change of an endpoint: what it would have been sent in the last 30 days."""
