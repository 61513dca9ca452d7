"""The times of gatherings: single slots, and rules by which they come again."""
