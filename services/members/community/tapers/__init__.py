"""Taper plans: what the backbone will stop doing in a programme, when, and who takes over."""
