"""What people do: activities, pledges, and the ladder that they climb."""
