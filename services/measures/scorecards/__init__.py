"""Scorecards: where many measures stand at one place, and which of their trends may be believed together."""
