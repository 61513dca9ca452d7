"""What people allow, and what the movement owes them for it."""
