"""Moving on: the dated list of what somebody held who left, until each is accepted and introduced, or kindly ended."""
