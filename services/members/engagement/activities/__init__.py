"""What people do with a movement, day by day: the only thing that the ladder looks at."""
