"""The contact log: calls, visits and letters to people and organisations, and what is to follow each."""
