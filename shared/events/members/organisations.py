"""The organisations of a movement: that they are known, and what became of them."""

from shared.events.base import Event


class OrganisationCreated(Event, type="organisation.created", service="members", key="organisation"):
    """An organisation became known to the movement."""

    organisation: str
