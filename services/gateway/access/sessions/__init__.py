"""Sessions: password and second factor in, a 12-hour token bound to one user out."""
