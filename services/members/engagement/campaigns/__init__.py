"""Campaigns: what a movement asks of many people, or of those who decide, and how far it has come."""
