"""Learning: what people and organisations need to learn, places on courses, what was completed and passed on."""
