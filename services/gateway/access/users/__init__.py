"""Users: the people who sign in to a movement's workspace, with a role, a password and an optional second factor."""
