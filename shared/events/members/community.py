"""Circles, who keeps which relationship, who moves on."""

from shared.events.base import Event


class CircleStateChanged(Event, type="circle.state_changed", service="members", key="circle"):
    """A circle was drafted, became active or was closed."""

    circle: str
    kind: str
    state: str


class CircleTermChanged(Event, type="circle.term_changed", service="members", key="circle"):
    """A person's term in the circle was begun, renewed or ended (`step`)."""

    circle: str
    term: str
    person: str
    step: str


class CircleDecisionRecorded(Event, type="circle.decision_recorded", service="members", key="circle"):
    """The circle's log has a further decision, which may correct an earlier one. What it says is not told here."""

    circle: str
    decision: str
    corrects: str | None


class StewardshipChanged(Event, type="stewardship.changed", service="members", key="stewardship"):
    """Somebody was asked to keep a relationship, answered, keeps it in another role, passed it on or ended it."""

    stewardship: str
    holder: str
    about: str
    about_kind: str
    role: str
    state: str


class HandoverOpened(Event, type="handover.opened", service="members", key="handover"):
    """Somebody left (null: it is not known who), and so many relationships of theirs stand on a list."""

    handover: str
    person: str | None
    items: int


class HandoverItemMoved(Event, type="handover.item_moved", service="members", key="handover"):
    """A relationship on a leaver's list is in care, asked of a successor, accepted, introduced or ended."""

    handover: str
    item: str
    state: str


class HandoverClosed(Event, type="handover.closed", service="members", key="handover"):
    """Each relationship on the leaver's list was accepted and introduced, or kindly ended."""

    handover: str


class TieChanged(Event, type="tie.changed", service="members", key="tie"):
    """A tie was declared, confirmed, denied, changed or ended. Between whom is not told: few may see it."""

    tie: str
    kind: str
    state: str
