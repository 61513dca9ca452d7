"""A trace as it is answered."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.gateway.webhooks.models import DeliveryStatus
from shared.fields import View


class Projection(View):
    """How far something that follows the log is with the event's key."""

    service: str
    consumer: str
    state: Annotated[
        Literal["applied", "waiting", "parked"],
        Field(description="`parked`: an event of this key could not be applied, and those behind it wait"),
    ]
    reached: Annotated[int, Field(description="the last sequence of the key that it has applied")]


class AttemptMade(View):
    """One attempt at a delivery."""

    at: datetime
    status: Annotated[int | None, Field(description="of the receiver's answer; null where there was none")]
    error: str | None
    duration_ms: int


class DeliveryMade(View):
    """A delivery of the event to an endpoint."""

    id: str
    endpoint: str
    status: DeliveryStatus
    attempts: list[AttemptMade]


class EventTraced(View):
    """One event on its way: when it was written with its change, when it came onto the log, and who has it."""

    id: str
    type: str
    service: Annotated[str, Field(description="in whose outbox it was written")]
    subject: str
    sequence: Annotated[int, Field(description="the number of the event among those of its subject")]
    actor: str
    causation: Annotated[str | None, Field(description="the request, job or event that led to it")]
    traceparent: str | None
    written_at: datetime
    published_at: Annotated[datetime | None, Field(description="null: it is in the outbox and not on the log yet")]
    topic: str
    partition: int
    position: Annotated[int | None, Field(description="in the movement's feed; null: the gateway has not read it yet")]
    projections: list[Projection]
    deliveries: Annotated[list[DeliveryMade] | None, Field(description="null: they take the scope `webhooks:read`")]


class Missing(View):
    """A service that could not be asked, so that there may be more than is told."""

    service: str
    reason: str


class Trace(View):
    """What is known of an id, in the order in which it was written."""

    id: str
    events: list[EventTraced]
    missing: list[Missing]
