"""Controllers: which organisation answers for a kind of record, a programme or a fund."""

from datetime import date

from shared.events.base import Event


class ControllerNamed(Event, type="controller.named", service="members", key="controller"):
    """The organisation is the controller of something: of a `record_kind` (`*`: of every), a programme or a fund."""

    controller: str
    of_kind: str
    of: str
    organisation: str
    starts_on: date
    ended_on: date | None


class ControllerChanged(Event, type="controller.changed", service="members", key="controller"):
    """The organisation is its controller until the day before `ended_on`."""

    controller: str
    of_kind: str
    of: str
    organisation: str
    starts_on: date
    ended_on: date | None
