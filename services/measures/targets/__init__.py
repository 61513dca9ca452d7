"""Targets and baselines: what a movement wants a figure to become, and from where it starts."""
