"""The organisations of a movement: what they are, what registers call them, and who succeeded whom."""
