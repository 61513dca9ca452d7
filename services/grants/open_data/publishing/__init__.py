"""What a movement publishes of its grants: who publishes, what is told of each award, and the open files."""
