"""Decisions: by an officer, a panel, a vote or a draw; who is awarded, who waits in reserve, who is told no."""
