"""Relationship holders: who keeps the relationship with which person, organisation, circle or asset, and why."""
