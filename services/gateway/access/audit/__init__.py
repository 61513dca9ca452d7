"""The audit: who let whom in, and who ended it, in a chain of hashes that shows where somebody altered it."""
