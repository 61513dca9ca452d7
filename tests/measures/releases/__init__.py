"""Releases and the border, over the API."""
