"""What is sent and answered about webhook endpoints, their deliveries and recoveries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

import msgspec
from pydantic import AwareDatetime, Field

from services.gateway.access.scopes import Scope
from services.gateway.access.users.schemas import OrganisationId
from services.gateway.webhooks import domain, models, signing
from services.gateway.webhooks.domain import Attempted, Settings
from services.gateway.webhooks.models import IN_FLIGHT, DeliveryStatus
from services.gateway.webhooks.signing import Key, Kind
from services.gateway.webhooks.store import Listed
from shared.editing import Changes
from shared.expressions import LONGEST
from shared.fields import Body, Purpose, View, lines
from shared.ids import Id

_NOT_KEPT = {"organisation", "signature"}
"""What a new endpoint is asked for, and is not kept as it was said."""

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
Handshake = Annotated[
    bool,
    Field(
        description="ask the receiver first, by CloudEvents' OPTIONS request, whenever the `url` is new: it answers "
        "with WebHook-Allowed-Origin, and `per_second` is at most its WebHook-Allowed-Rate"
    ),
]
Signature = Annotated[
    Kind,
    Field(description="hmac: by a secret that you keep too (`v1`); ed25519: you have a public key alone (`v1a`)"),
]


Expression = Annotated[str, lines(LONGEST)]
PayloadFilter = Annotated[
    Expression,
    Field(
        description="JMESPath over the body: only events of which it is true are sent",
        examples=["data.amount_pence > `20000`"],
    ),
]
Mapping = Annotated[
    Expression,
    Field(
        description="JMESPath over the body: what it makes is sent as `data`", examples=["{who: subject, what: type}"]
    ),
]
Enrichment = Annotated[
    list[Scope],
    Field(
        max_length=10,
        description="scopes, each for reading and your own: under them the record at `dataref` is asked for as a body "
        "is sent, and stands in it as `data.record`. It is kept nowhere",
        examples=[["people:read"]],
    ),
]


class NewEndpoint(Body):
    """Where to send which events."""

    url: Url
    types: Types
    payload_filter: PayloadFilter | None = None
    mapping: Mapping | None = None
    enrichment: Enrichment | None = None
    description: Description = ""
    organisation: Annotated[
        OrganisationId | None, Field(description="whose endpoint it is: an agreement covers the personal data it takes")
    ] = None
    purpose: Annotated[Purpose | None, Field(description="what an organisation has personal data for")] = None
    ordering: Ordering = "parallel"
    in_flight: InFlight = IN_FLIGHT
    per_second: PerSecond | None = None
    signature: Signature = "hmac"
    handshake: Handshake = False

    def settings(self) -> Settings:
        """What is kept as it was said."""
        return msgspec.convert(_stored(self, set(type(self).model_fields) - _NOT_KEPT), Settings)


class EndpointChanges(Changes):
    """What to change of an endpoint; what is left out stays."""

    may_be_empty = frozenset({"payload_filter", "mapping", "per_second"})

    url: Url | None = None
    types: Types | None = None
    payload_filter: PayloadFilter | None = None
    mapping: Mapping | None = None
    enrichment: Enrichment | None = None
    description: Description | None = None
    purpose: Purpose | None = None
    status: Annotated[
        Literal["enabled", "paused"] | None, Field(description="paused: deliveries wait until it is enabled again")
    ] = None
    ordering: Ordering | None = None
    in_flight: InFlight | None = None
    per_second: PerSecond | None = None
    handshake: Handshake | None = None

    def given(self) -> domain.Changes:
        """What is to change, as it is stored."""
        return msgspec.convert(_stored(self, self.model_fields_set), domain.Changes)


class Endpoint(View):
    """A webhook endpoint. `version` is its ETag."""

    id: EndpointId
    url: str
    types: list[str]
    payload_filter: str | None
    mapping: str | None
    enrichment: list[str]
    description: str
    signature: Signature
    public_key: Annotated[
        str | None,
        Field(description="of ed25519: what verifies its signatures", examples=["whpk_LgP3tZq1Y0b6m8…"]),
    ]
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
    handshake: bool
    failing_since: Annotated[datetime | None, Field(description="the first failure since it last took a delivery")]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, endpoint: models.Endpoint) -> Self:
        split = {"types": endpoint.types.split(), "enrichment": (endpoint.enrichment or "").split()}
        return cls.model_validate({**_columns(endpoint), **split, "signature": endpoint.signature})


class EndpointWithSecret(Endpoint):
    """An endpoint with its new secret, which is shown this once; of an ed25519 key there is none to show."""

    secret: Annotated[str | None, Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])]

    @classmethod
    def with_secret(cls, made: tuple[models.Endpoint, Key]) -> Self:
        endpoint, key = made
        secret = signing.shown(key) if key.kind == "hmac" else None
        return cls.model_validate({**Endpoint.of(endpoint).model_dump(), "secret": secret})


class NewSecret(Body):
    """What kind of key comes next; left out, the kind that there is."""

    signature: Signature | None = None


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
    resent: Annotated[
        int,
        Field(
            description="deliveries made so far; at an endpoint that is sent in order also of what happens meanwhile"
        ),
    ]
    created_at: datetime

    @classmethod
    def of(cls, job: models.Recovery) -> Self:
        return cls.model_validate({**_columns(job), "status": "done" if job.done else "running"})


def _stored(body: Body, fields: Iterable[str]) -> dict[str, object]:
    """Fields of a body as they are stored: a list as its words, a space between; of an empty one nothing."""
    given = body.model_dump(include=set(fields))
    return {name: " ".join(value) or None if isinstance(value, list) else value for name, value in given.items()}


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
