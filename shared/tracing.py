"""Where a change stands within one service: what it wrote to the outbox, and what its consumers have applied.

The gateway asks each service, and puts a trace together of what they answer.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated

import msgspec
import sqlalchemy as sa
from fastapi import Query, Response
from sqlalchemy import orm

from shared.calls import Call
from shared.consumer import Consumer
from shared.db.infrastructure import inbox, outbox, parked_key
from shared.ids import first_of, moment_of
from shared.needs import needs
from shared.outbox import HELD
from shared.routing import Router

MOST_WRITES = 100
"""Events of one request or one entity that a trace tells of, the latest."""

CAUSED_WITHIN_SECONDS = 600
"""For how long after it was made a request's id is looked for as the cause of events: jobs go on after the answer."""


class Written(msgspec.Struct, frozen=True):
    """An event of the outbox without its payload; instants in milliseconds since 1970.

    ``published_at`` is None until it is on the log.
    """

    event: str
    type: str
    key: str
    sequence: int
    actor: str
    causation: str | None
    traceparent: str | None
    occurred_at: int
    published_at: int | None


class Applied(msgspec.Struct, frozen=True):
    """How far a consumer is with a key of another service: to which sequence, and whether it set the key aside."""

    consumer: str
    service: str
    key: str
    sequence: int
    parked: bool


def written(session: orm.Session, movement: str, subject: str) -> list[Written]:
    """The events that this service has recorded under an id: an event's, an entity's (its key), or a request's.

    The outbox keeps published events for some days, so older ones are not among them.
    """
    c = outbox.c
    columns = (c.event_id, c.type, c.key, c.sequence, c.actor, c.causation, c.traceparent, c.occurred_at)
    begun = moment_of(subject) or 0
    # Ids of events sort by time: so those of a request are a short stretch of an index.
    caused = sa.and_(
        c.causation == subject,
        c.event_id >= first_of("evt", begun),
        c.event_id < first_of("evt", begun + CAUSED_WITHIN_SECONDS * 1000),
    )
    revealed = c.published_at.is_distinct_from(HELD)
    found: dict[str, Written] = {}
    for condition in (c.event_id == subject, c.key == subject, caused):  # each by an index of its own
        query = sa.select(*columns, c.published_at).where(condition, c.movement == movement, revealed)
        rows = session.execute(query.order_by(c.event_id.desc()).limit(MOST_WRITES))
        found |= {row[0]: Written(*row) for row in rows}
    return sorted(found.values(), key=lambda each: each.event)


def applied(
    session: orm.Session, movement: str, consumers: Mapping[str, Consumer], of: Collection[tuple[str, str]]
) -> list[Applied]:
    """How far those of these consumers that follow a key's service are with it; 0 where they have seen nothing of it.

    Keys are given with their service.
    """
    found = []
    for consumer, following in sorted(consumers.items()):
        for service, key in sorted(of):
            if service not in following.services:
                continue
            reached, aside = (
                session.scalar(
                    sa.select(column).where(
                        table.c.consumer == consumer,
                        table.c.service == service,
                        table.c.key == key,
                        table.c.movement == movement,
                    )
                )
                for table, column in ((inbox, inbox.c.sequence), (parked_key, parked_key.c.key))
            )
            found.append(Applied(consumer, service, key, reached or 0, aside is not None))
    return found


router = Router(prefix="/internal/trace", tags=["Trace"])


@router.get("/written/{subject}", response_model=None, **needs("events:read"))
async def tell_what_was_written(subject: str, call: Call) -> Response:
    """What this service has recorded under an id."""
    return _json(await call.read(written, subject))


@router.get("/applied", response_model=None, **needs("events:read"))
async def tell_what_was_applied(call: Call, of: Annotated[list[str], Query(max_length=MOST_WRITES)]) -> Response:
    """How far this service's consumers are with these keys, each as `service/key`."""
    keys = [(service, key) for service, _, key in (each.partition("/") for each in of)]
    return _json(await call.read(applied, call.parts.consumers, keys))


def _json(found: Sequence[Written] | Sequence[Applied]) -> Response:
    return Response(msgspec.json.encode(found), media_type="application/json")
