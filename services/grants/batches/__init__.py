"""Batches of payments: approved ones go to the bank together, in a file made once, and its answer comes back."""
