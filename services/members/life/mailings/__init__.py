"""Mailings: who is written to at the moment of sending, through the mailing tool that a movement uses."""
