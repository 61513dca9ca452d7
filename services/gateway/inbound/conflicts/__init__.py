"""What a person settles between a CRM and the movement: a field that both sides changed, whose record something is."""
