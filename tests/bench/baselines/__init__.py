"""What we are compared with, each written as its own community would."""
