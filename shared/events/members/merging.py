"""That two records turned out to be of one person or organisation, and that they did not after all.

Whoever keeps copies under the id that was merged repoints them when the first comes, and reads both records again when
the second does. Each is keyed by the id that was merged.
"""

from shared.events.base import Event


class PersonMerged(Event, type="person.merged", service="members", key="person"):
    """The person's id now answers for another person, who has all that was theirs."""

    person: str
    into: str
    merge: str


class PersonUnmerged(Event, type="person.unmerged", service="members", key="person"):
    """The person's id answers for themselves again. What had been theirs is theirs again, as it is by now."""

    person: str
    out_of: str
    merge: str


class OrganisationMerged(Event, type="organisation.merged", service="members", key="organisation"):
    """The organisation's id now answers for another organisation, which has all that was its own."""

    organisation: str
    into: str
    merge: str


class OrganisationUnmerged(Event, type="organisation.unmerged", service="members", key="organisation"):
    """The organisation's id answers for itself again. What had been its own is its own again, as it is by now."""

    organisation: str
    out_of: str
    merge: str
