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


class MandateGiven(Event, type="mandate.given", service="members", key="mandate"):
    """It was noted who is the backbone, and until when."""

    mandate: str
    organisation: str


class MandateReviewed(Event, type="mandate.reviewed", service="members", key="mandate"):
    """A partner said what it makes of a year of the mandate."""

    mandate: str
    review: str
    verdict: str


class MandateEnded(Event, type="mandate.ended", service="members", key="mandate"):
    """A mandate ends before its time."""

    mandate: str


class ControlMoved(Event, type="control.moved", service="members", key="control"):
    """A budget, a building, a seat, a strategy or a service passed into another body's hands."""

    control: str
    kind: str


class ControlTakenBack(Event, type="control.taken_back", service="members", key="control"):
    """What had passed into another body's hands is there no longer."""

    control: str
    kind: str


class StaffTimeNoted(Event, type="staff_time.noted", service="members", key="stafftime"):
    """An organisation's staff give time to a work of the backbone, from a day on."""

    stafftime: str
    work: str


class StaffTimeEnded(Event, type="staff_time.ended", service="members", key="stafftime"):
    """That time is given no longer, from a day on."""

    stafftime: str
    work: str


class TimeTransferred(Event, type="time.transferred", service="members", key="transfer"):
    """One side gave time and another had it."""

    transfer: str
    minutes: int


class TimeReversed(Event, type="time.reversed", service="members", key="transfer"):
    """A transfer of time counts for nothing any more; its opposite was recorded."""

    transfer: str
    reversal: str


class ContactMade(Event, type="contact_log.contact_made", service="members", key="contact"):
    """Somebody was called, visited or written to, and it was written down; of an organisation, `person` is null."""

    contact: str
    kind: str
    person: str | None
