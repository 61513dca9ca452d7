"""Series: what is known, or was known, of one measure at one place over time."""
