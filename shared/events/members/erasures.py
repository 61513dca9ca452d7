"""Erasing a person, step by step: who is to be told asks members what to look for, and answers with a receipt."""

from shared.events.base import Event


class ErasureBegun(Event, type="erasure.begun", service="members", key="erasure"):
    """Somebody is to be erased. Their access ends first; until then somebody may object."""

    erasure: str
    person: str


class ErasureAdmitted(Event, type="erasure.admitted", service="members", key="erasure"):
    """Nothing stands in the way: every service takes out what it keeps of them."""

    erasure: str


class ErasureEnded(Event, type="erasure.ended", service="members", key="erasure"):
    """Every service has answered, and the erasure is over: `completed`, `partly_held` or `refused`."""

    erasure: str
    outcome: str


class MembershipErased(Event, type="membership.erased", service="members", key="person"):
    """The membership of somebody who is being erased is gone."""

    person: str
    membership: str


class PersonErased(Event, type="person.erased", service="members", key="person"):
    """There is nobody behind the id any more. Whoever keeps copies of what was theirs deletes them."""

    person: str
    erasure: str
