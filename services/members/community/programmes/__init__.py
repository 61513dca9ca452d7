"""Programmes: who leads them, what they are for, and the backbone's changing part in each."""
