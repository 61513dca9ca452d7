"""Gatherings, their times, who booked and who came."""

from shared.events.base import Event


class GatheringStateChanged(Event, type="gathering.state_changed", service="members", key="gathering"):
    """A gathering was drafted, published, held or cancelled."""

    gathering: str
    kind: str
    state: str


class GatheringChanged(Event, type="gathering.changed", service="members", key="gathering"):
    """What is said about a gathering was edited."""

    gathering: str


class SlotChanged(Event, type="slot.changed", service="members", key="slot"):
    """A time of a gathering was added, edited or cancelled: `state` is open or cancelled."""

    slot: str
    gathering: str
    state: str


class BookingChanged(Event, type="booking.changed", service="members", key="booking"):
    """A booking was made, changed, moved up from the waiting list or cancelled; `places` counts companions too."""

    booking: str
    gathering: str
    slot: str
    person: str
    state: str
    places: int


class AttendanceRecorded(Event, type="attendance.recorded", service="members", key="attendance"):
    """It was said whether somebody came: attended, absent or unknown. Without a person, so many came without a name."""

    attendance: str
    gathering: str
    slot: str
    person: str | None
    status: str
    people: int


class AttendanceCorrected(Event, type="attendance.corrected", service="members", key="attendance"):
    """What was said about who came was said anew; this holds from now on."""

    attendance: str
    gathering: str
    slot: str
    person: str | None
    status: str
    people: int
