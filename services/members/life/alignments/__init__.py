"""Alignments: which version of the common agenda a partner signed, and what it starts, stops or changes for it."""
