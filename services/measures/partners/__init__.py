"""What this service keeps of its neighbours' subjects: which organisations there are, and each movement's time zone."""
