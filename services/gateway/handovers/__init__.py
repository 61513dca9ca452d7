"""Moving on: somebody's access ends in one transaction, and then members is told, until it has it."""
