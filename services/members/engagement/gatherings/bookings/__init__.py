"""Bookings: who has a place in a slot, with whom they come, and who waits for one. Whether they came is attendance."""
