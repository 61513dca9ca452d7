"""What people promise to do."""
