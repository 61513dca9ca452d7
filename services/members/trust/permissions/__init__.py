"""What people allow and refuse, for each purpose and channel by itself: only ever added to, the latest holds."""
