"""What a person allows, all on one page: for each purpose and channel whether it is permitted now, and why."""
