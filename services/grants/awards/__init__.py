"""Awards: money of a round that is offered to a group, and what becomes of the offer."""
