"""Whose the money is: who awards it, whom it goes to, and how much of all there is the backbone itself has."""
