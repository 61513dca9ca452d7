"""Introductions: a connector's case with somebody, from what matters to them to being settled, and told back."""
