"""What people allow, and what they stop."""

from shared.events.base import Event


class PermissionGiven(Event, type="permission.given", service="members", key="person"):
    """The person allowed a purpose over a channel. A refusal of what was never given is stored and not published."""

    person: str
    permission: str
    purpose: str
    channel: str


class PersonStopped(Event, type="person.stopped", service="members", key="person"):
    """The person said stop: nothing may reach them, and nothing of theirs may be handed on or published any more.

    What they had allowed is announced as ended, each by itself.
    """

    person: str
    stop: str


class StopOverdue(Event, type="stop.overdue", service="members", key="person"):
    """A part has not obeyed the person's stop in time. Somebody sees to it."""

    person: str
    stop: str
    part: str


class PermissionEnded(Event, type="permission.ended", service="members", key="person"):
    """The person refused what they had allowed, or what needed no yes: the purpose may not use the channel any more."""

    person: str
    permission: str
    purpose: str
    channel: str
