"""Who is known to a movement, and who joined it."""

from shared.events.base import Event


class PersonCreated(Event, type="person.created", service="members", key="person"):
    """A person became known to the movement."""

    person: str


class PersonUpdated(Event, type="person.updated", service="members", key="person"):
    """The person's own record was edited. What is new is asked for, and not told."""

    person: str
    version: int


class MembershipJoined(Event, type="membership.joined", service="members", key="person"):
    """The person joined the movement, brought by another person where somebody is credited."""

    person: str
    membership: str
    brought_by: str | None
