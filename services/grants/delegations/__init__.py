"""Delegations: the power over a fund that one organisation hands to another, how far it reaches and until when."""
