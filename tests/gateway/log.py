"""Events put on the log as the services that own them do."""

from collections import Counter
from dataclasses import dataclass, field

import msgspec

from shared import clock
from shared.bus import Bus
from shared.bus.records import Outgoing
from shared.db.types import microseconds
from shared.events.base import Event
from shared.events.envelope import headers, topic
from shared.ids import new_id


@dataclass
class Log:
    """The suite's log, and the number of the last event of each subject on it."""

    bus: Bus
    sequences: Counter[str] = field(default_factory=Counter)

    async def publish(self, movement: str, *events: Event, origin: str | None = None) -> list[str]:
        """Append events of a movement, come through a connection where that is said; answers their positions."""
        return [await self._append(movement, event, origin) for event in events]

    async def _append(self, movement: str, event: Event, origin: str | None) -> str:
        self.sequences[event.subject] += 1
        envelope = headers(
            event_id=new_id("evt"),
            event_type=event.event_type,
            service=event.event_service,
            key=event.subject,
            sequence=self.sequences[event.subject],
            movement=movement,
            actor="key_of_a_test",
            occurred_at=microseconds(clock.now()) // 1000,
            causation=None,
            origin=origin,
            traceparent=None,
        )
        record = Outgoing(event.subject.encode(), envelope, msgspec.json.encode(event))
        assert await self.bus.append(topic(event.event_service), [record]) == [None]
        return f"{event.event_service}/{event.subject}@{self.sequences[event.subject]}"
