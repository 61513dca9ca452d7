"""What is sent and answered about webhook endpoints, their deliveries and recoveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

import msgspec
from pydantic import AwareDatetime, Field

from services.gateway.access.users.schemas import OrganisationId
from services.gateway.webhooks import models, signing
from services.gateway.webhooks.domain import Attempted, Changes
from services.gateway.webhooks.models import IN_FLIGHT, DeliveryStatus
from services.gateway.webhooks.signing import Key
from services.gateway.webhooks.store import Listed
from shared.fields import Body, Purpose, View
from shared.ids import Id

EndpointId = Annotated[str, Id("hook")]
DeliveryId = Annotated[str, Id("dlv")]
RecoveryId = Annotated[str, Id("recovery")]

Url = Annotated[str, Field(min_length=1, max_length=2048, examples=["https://crm.example.org/hooks/backbone"])]
Types = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(
        min_length=1, max_length=50, description="event types, exact or by prefix; `*` for all", examples=[["award.*"]]
    ),
]
Description = Annotated[str, Field(max_length=500)]
Ordering = Annotated[
    models.Ordering,
    Field(
        description="parallel: each event as soon as it can be sent. ordered_by_key: the events of a subject one after "
        "another, each once the one before it was taken or given up; a subject that fails holds up no other. strict: "
        "all of them one after another. What was queued before a change keeps the order that it had"
    ),
]
InFlight = Annotated[int, Field(ge=1, le=IN_FLIGHT, description="requests under way at once, of each gateway process")]
PerSecond = Annotated[
    int, Field(ge=1, le=10_000, description="requests a second, of each gateway process; null: as many as it bears")
]


class NewEndpoint(Body):
    """Where to send which events."""

    url: Url
    types: Types
    description: Description = ""
    organisation: Annotated[
        OrganisationId | None, Field(description="whose endpoint it is: an agreement covers the personal data it takes")
    ] = None
    purpose: Annotated[Purpose | None, Field(description="what an organisation has personal data for")] = None
    ordering: Ordering = "parallel"
    in_flight: InFlight = IN_FLIGHT
    per_second: PerSecond | None = None


class EndpointChanges(Body):
    """What to change of an endpoint; what is left out stays."""

    url: Url | None = None
    types: Types | None = None
    description: Description | None = None
    purpose: Purpose | None = None
    status: Annotated[
        Literal["enabled", "paused"] | None, Field(description="paused: deliveries wait until it is enabled again")
    ] = None
    ordering: Ordering | None = None
    in_flight: InFlight | None = None
    per_second: PerSecond | None = None

    def given(self) -> Changes:
        """What is to change, as it is stored."""
        changes = msgspec.convert(self.model_dump(exclude_none=True, exclude={"types"}), Changes)
        if self.types is not None:
            changes["types"] = " ".join(self.types)
        if "per_second" in self.model_fields_set:
            changes["per_second"] = self.per_second
        return changes


class Endpoint(View):
    """A webhook endpoint. `version` is its ETag."""

    id: EndpointId
    url: str
    types: list[str]
    description: str
    status: Literal["enabled", "paused", "disabled"]
    disabled_reason: Annotated[
        str | None,
        Field(
            description="gone (it answered 410), failing (for five days), or that no agreement covers what it takes: "
            "agreement_missing, agreement_expired or agreement_not_begun"
        ),
    ]
    organisation: OrganisationId | None
    purpose: str | None
    ordering: Ordering
    in_flight: InFlight
    per_second: PerSecond | None
    failing_since: Annotated[datetime | None, Field(description="the first failure since it last took a delivery")]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, endpoint: models.Endpoint) -> Self:
        return cls.model_validate({**_columns(endpoint), "types": endpoint.types.split()})


class EndpointWithSecret(Endpoint):
    """An endpoint with its new secret, which is shown this once."""

    secret: Annotated[str, Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])]

    @classmethod
    def with_secret(cls, made: tuple[models.Endpoint, Key]) -> Self:
        endpoint, key = made
        return cls.model_validate({**Endpoint.of(endpoint).model_dump(), "secret": signing.shown(key)})


class Delivery(View):
    """One event for one endpoint. Its id is the `webhook-id`."""

    id: DeliveryId
    endpoint: EndpointId
    event_id: str
    event_type: str
    status: DeliveryStatus
    attempts: Annotated[int, Field(description="how many were made")]
    next_attempt_at: Annotated[datetime | None, Field(description="while pending; it waits if the endpoint is paused")]
    resend_of: DeliveryId | None
    created_at: datetime

    @classmethod
    def of(cls, listed: Listed) -> Self:
        return cls.model_validate(_delivery(listed))


class Attempt(View):
    """One attempt: an HTTP status, or an error that begins with a stable word such as timeout or connect_failed."""

    at: datetime
    status: int | None
    duration_ms: int
    error: str | None
    answer: Annotated[str, Field(description="the first 16 KiB of the receiver's answer")]
    address: Annotated[str | None, Field(description="the address that was dialled")]

    @classmethod
    def of(cls, attempted: Attempted) -> Self:
        return cls(
            at=attempted.at,
            status=attempted.status,
            duration_ms=attempted.duration_ms,
            error=attempted.error,
            answer=attempted.answer.decode("utf-8", "replace"),
            address=attempted.address,
        )


class DeliveryWithAttempts(Delivery):
    """A delivery and how its attempts went."""

    log: list[Attempt]

    @classmethod
    def with_log(cls, listed: Listed, attempts: Sequence[Attempted]) -> Self:
        return cls.model_validate({**_delivery(listed), "log": [Attempt.of(attempted) for attempted in attempts]})


class NewRecovery(Body):
    """From which moment on to send again what was not delivered."""

    since: AwareDatetime


class Recovery(View):
    """A job that queues again what an endpoint did not get: what failed for good, or happened while it was disabled."""

    id: RecoveryId
    endpoint: EndpointId
    since: datetime
    status: Literal["running", "done"]
    resent: Annotated[int, Field(description="deliveries made so far")]
    created_at: datetime

    @classmethod
    def of(cls, job: models.Recovery) -> Self:
        return cls.model_validate({**_columns(job), "status": "done" if job.done else "running"})


def _columns(row: models.Endpoint | models.Recovery) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _delivery(listed: Listed) -> dict[str, object]:
    delivery = listed.delivery
    return {
        "id": delivery.id,
        "endpoint": delivery.endpoint,
        "event_id": listed.event_id,
        "event_type": listed.event_type,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.due_at if delivery.status == "pending" else None,
        "resend_of": delivery.resend_of,
        "created_at": delivery.created_at,
    }
