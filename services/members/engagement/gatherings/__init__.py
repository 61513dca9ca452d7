"""Gatherings: learning labs, campfires, walks; their times, who booked, who came, and what keeps people safe."""
