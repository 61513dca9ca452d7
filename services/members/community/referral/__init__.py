"""The map for other directories: an open feed by Open Referral UK 3.0, of what is published and of nobody by name."""
