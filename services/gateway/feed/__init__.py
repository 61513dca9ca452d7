"""The event feed: every event of a movement in one order with a gap-free position, for pollers and for webhooks."""
