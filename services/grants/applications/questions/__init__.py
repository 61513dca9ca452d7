"""What is asked of a group before its application can be weighed on, and what it answers."""
