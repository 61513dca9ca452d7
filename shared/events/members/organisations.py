"""The organisations of a movement: that they are known, and what became of them."""

from datetime import date

from shared.events.base import Event


class OrganisationCreated(Event, type="organisation.created", service="members", key="organisation"):
    """An organisation became known to the movement."""

    organisation: str


class OrganisationUpdated(Event, type="organisation.updated", service="members", key="organisation"):
    """The organisation's own record was edited. What is new is asked for, and not told."""

    organisation: str
    version: int


class OrganisationEnded(Event, type="organisation.ended", service="members", key="organisation"):
    """The organisation is no more. Each that goes on in its place is told by itself."""

    organisation: str


class OrganisationReinstated(Event, type="organisation.reinstated", service="members", key="organisation"):
    """That the organisation ended was undone: it is there, and nobody goes on in its place."""

    organisation: str


class OrganisationSucceeded(Event, type="organisation.succeeded", service="members", key="organisation"):
    """Another organisation goes on in the place of this one."""

    organisation: str
    successor: str


class AffiliationChanged(Event, type="affiliation.changed", service="members", key="affiliation"):
    """A person's place in an organisation was entered, edited, ended or taken away. In what role is not told.

    `until` is the first day on which they no longer have it; nothing while no end is known.
    """

    affiliation: str
    organisation: str
    person: str
    until: date | None = None
