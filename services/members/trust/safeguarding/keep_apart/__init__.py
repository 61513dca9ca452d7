"""Pairs of people who are kept apart: asked for wherever people are brought together, shown and explained nowhere."""
