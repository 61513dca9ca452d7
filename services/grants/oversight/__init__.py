"""Oversight: what whoever handed awarding on looks at, and which awards wait for their signature."""
