"""What people of a movement decide together: the common agenda, and which partners stand behind which version of it."""

from shared.events.base import Event


class AgendaPublished(Event, type="agenda.published", service="members", key="agenda"):
    """A version of the common agenda was published; versions are numbered from 1."""

    agenda: str
    number: int


class AgendaWithdrawn(Event, type="agenda.withdrawn", service="members", key="agenda"):
    """A version of the common agenda is to be signed by nobody any more."""

    agenda: str


class AlignmentSigned(Event, type="alignment.signed", service="members", key="alignment"):
    """A partner signed a version of the common agenda."""

    alignment: str
    organisation: str
    agenda: str


class AlignmentEnded(Event, type="alignment.ended", service="members", key="alignment"):
    """A partner no longer stands behind the version that it signed; it may have signed another."""

    alignment: str
    organisation: str
