"""Ties: who works with whom, as one side says and the other confirms, shown to whom both agree."""
