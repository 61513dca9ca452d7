"""What voices have in common: themes that a person confirms, votes, and rounds that unmet wishes suggest."""
