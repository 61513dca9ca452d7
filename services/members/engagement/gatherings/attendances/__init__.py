"""Attendances: who came to a slot, as what, and who did not; kept apart from who had booked."""
