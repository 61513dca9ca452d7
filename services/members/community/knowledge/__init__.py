"""The knowledge hub: toolkits, guides, training and stories that people find, use, and tell what they did with."""
