"""Records that may be of one person, or of one organisation: found in the background, and told apart for good."""
