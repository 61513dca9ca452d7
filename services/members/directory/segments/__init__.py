"""Segments: questions about people that are kept, and answered anew whenever they are read."""
