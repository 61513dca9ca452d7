"""The room of what people of a movement hold, make and know together: circles, relationships, ties, knowledge."""
