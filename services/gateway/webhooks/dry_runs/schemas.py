"""What is asked and answered about trying out a change."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue

from services.gateway.webhooks.dry_runs import domain
from services.gateway.webhooks.dry_runs.domain import Way
from services.gateway.webhooks.schemas import Mapping, PayloadFilter, Types
from services.gateway.webhooks.wanting import Wanted
from shared.db.types import from_microseconds
from shared.editing import Changes
from shared.fields import View


class Proposal(Changes):
    """What would be changed; what is left out stays as it is, and null empties it."""

    may_be_empty = frozenset({"payload_filter", "mapping"})

    types: Types | None = None
    payload_filter: PayloadFilter | None = None
    mapping: Mapping | None = None

    def instead_of(self, now: Way) -> Way:
        """The way of subscribing that this would make of the present one."""
        sent = self.model_fields_set
        types = now.wanted.types if self.types is None else " ".join(self.types)
        payload_filter = self.payload_filter if "payload_filter" in sent else now.wanted.payload_filter
        return Way(Wanted(types, payload_filter), self.mapping if "mapping" in sent else now.mapping)


class Difference(View):
    """One event about which the two differ. `before` and `after` are the `data` of the body."""

    change: Literal["gained", "lost", "changed"]
    event_id: str
    type: str
    subject: str
    recordedtime: datetime
    before: JsonValue
    after: JsonValue

    @classmethod
    def of(cls, found: domain.Difference) -> Self:
        return cls(
            change=found.change,
            event_id=found.item.event_id,
            type=found.item.type,
            subject=found.item.key,
            recordedtime=from_microseconds(found.item.recorded_at),
            before=found.before,
            after=found.after,
        )


class DryRun(View):
    """The difference that a change would have made, of the part that was looked at: the counts are of this part."""

    before: Annotated[int, Field(description="events that the endpoint, as it is, was to be sent")]
    after: Annotated[int, Field(description="events that it would have been sent")]
    gained: int
    lost: int
    changed: Annotated[int, Field(description="sent by both, with other `data`")]
    data: list[Difference]
    next_cursor: Annotated[
        str | None,
        Field(description="goes on behind this part, with the same body: the parts add up. null: these were 30 days"),
    ]
