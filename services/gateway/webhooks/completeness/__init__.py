"""Whether a receiver has everything: what an endpoint was to be sent, and receipts to check it against."""
