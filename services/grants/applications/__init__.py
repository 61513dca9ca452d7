"""Applications: what a group asks of a round."""
