"""Requests by right: that one came and what became of it, never what it says."""

from shared.events.base import Event


class RequestReceived(Event, type="request.received", service="members", key="request"):
    """A request came; ``kind`` is the right that is used. The person is there once it is known who it is about."""

    request: str
    kind: str
    person: str | None


class RequestVerified(Event, type="request.verified", service="members", key="request"):
    """It is known who asks, and that they may."""

    request: str
    kind: str
    person: str | None


class RequestExtended(Event, type="request.extended", service="members", key="request"):
    """The answer was put off to a later day."""

    request: str
    kind: str
    due_on: str


class RequestOverdue(Event, type="request.overdue", service="members", key="request"):
    """The last day for the answer has passed without one."""

    request: str
    kind: str
    due_on: str


class RequestClosed(Event, type="request.closed", service="members", key="request"):
    """It was answered, refused or withdrawn; ``refused_for`` is the ground of what was refused of it."""

    request: str
    kind: str
    became: str
    refused_for: str | None
    person: str | None


class ProcessingRestricted(Event, type="processing.restricted", service="members", key="person"):
    """The person's data rests: it is stored, and not used until the restriction is lifted."""

    person: str
    restriction: str
    ground: str


class RestrictionLifted(Event, type="processing.restriction_lifted", service="members", key="person"):
    """A restriction has ended; another one may stand."""

    person: str
    restriction: str


class ObjectionRaised(Event, type="objection.raised", service="members", key="person"):
    """The person objects to a purpose: their data is not used for it any more."""

    person: str
    objection: str
    purpose: str


class ObjectionDecided(Event, type="objection.decided", service="members", key="person"):
    """An objection was upheld, overridden or withdrawn."""

    person: str
    objection: str
    purpose: str
    became: str


class ArchiveReleased(Event, type="archive.released", service="members", key="archive"):
    """The archive of a person's data was looked through, and is there to be fetched until it expires."""

    archive: str
    person: str
    request: str
