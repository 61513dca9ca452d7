"""Rounds that people's unmet wishes suggest: what members suggested and is still to be drafted."""
