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
