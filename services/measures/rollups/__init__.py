"""Roll-ups: figures that become one where their version allows it, and the reason where it does not."""
