"""Wins: what went well in one sentence, who made it happen, and whether it may be shared."""
