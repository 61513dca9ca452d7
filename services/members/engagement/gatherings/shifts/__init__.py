"""Shifts and availability: when people are at work, when they say that they can come, and which slots fit whom."""
