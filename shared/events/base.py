"""What an event is: a frozen fact, past tense, with a type, the service that owns its subject, and the subject's key.

An event carries ids, kinds and money; never free text, never a name, never a measured value.
"""

import builtins
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec

_REGISTRY: dict[str, type["Event"]] = {}


class EventMeta(msgspec.StructMeta):
    """Makes every event frozen and by keyword, and enters it in the published contract under its type."""

    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        type: str,
        service: str,
        key: str,
    ) -> "EventMeta":
        return super().__new__(mcls, name, bases, namespace, frozen=True, kw_only=True)

    def __init__(
        cls,  # noqa: N805 - the instances of a metaclass are classes
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        type: str,
        service: str,
        key: str,
    ) -> None:
        super().__init__(name, bases, namespace)
        event: Any = cls
        event.event_type, event.event_service, event.event_key = type, service, key
        if type:
            if type in _REGISTRY:
                raise TypeError(f"two events are called {type}")
            _REGISTRY[type] = event


class Event(msgspec.Struct, metaclass=EventMeta, type="", service="", key=""):
    """A fact that a service publishes about a subject that it owns.

    ``class AwardOffered(Event, type="award.offered", service="grants", key="award")``: ``key`` names the field that
    holds the subject's id, by which the log is partitioned and the sequence is counted.
    """

    event_type: ClassVar[str]
    event_service: ClassVar[str]
    event_key: ClassVar[str]

    @property
    def subject(self) -> str:
        """The id of the subject."""
        subject: str = getattr(self, self.event_key)
        return subject


E = TypeVar("E", bound=Event)


class Received(msgspec.Struct, frozen=True, gc=False):
    """An event as it comes off the log: its envelope, and its payload still in bytes.

    ``sequence`` counts the events of (service, key) from 1 without a gap.
    """

    id: str
    type: str
    service: str
    key: str
    sequence: int
    movement: str
    actor: str
    causation: str | None
    origin: str | None
    traceparent: str | None
    time: datetime
    payload: bytes

    def decode(self, event: "builtins.type[E]") -> E:
        """The payload as that event; a field that a newer publisher added is passed over."""
        return msgspec.json.decode(self.payload, type=event)


def published() -> Iterator[type[Event]]:
    """Every event class that has been imported, by type."""
    return iter([_REGISTRY[name] for name in sorted(_REGISTRY)])
