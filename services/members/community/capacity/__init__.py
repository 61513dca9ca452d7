"""Capacity: how much room somebody says they have. It is theirs to say, to share and to take back."""
