"""The measures service: pure rules, and the whole service through its API on both databases."""
