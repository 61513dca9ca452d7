"""Composed reads: several services asked at once for one answer, whose sections each say how they are."""
