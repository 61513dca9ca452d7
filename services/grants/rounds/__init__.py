"""Rounds: a part of a fund, offered under frozen rules for a time."""
