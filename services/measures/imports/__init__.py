"""Imports: what became of each file that was sent, row by row, for places and for observations alike."""
