"""Releases: figures as they were published: known by when, by which profile, what was hidden, a hash of each byte."""
