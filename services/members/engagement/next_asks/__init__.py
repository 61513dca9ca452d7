"""What we would invite somebody to do next, who asks them, by when, and what they said."""
