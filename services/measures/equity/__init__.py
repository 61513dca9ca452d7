"""Equity: one measure across groups, how far they lie apart, and who takes part beside who lives there."""
