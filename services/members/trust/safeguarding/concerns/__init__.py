"""Concerns: what worries somebody about somebody's safety, from the two clicks that raise it to its closing."""
