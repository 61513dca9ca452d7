"""An event as partners read it: CloudEvents 1.0 in structured JSON, the same in the feed and in a webhook's body."""

from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from services.gateway.links import path_of

CONTENT_TYPE = "application/cloudevents+json"


class Item(msgspec.Struct, frozen=True, gc=False):
    """A row of the feed, in the order of its columns; instants in microseconds since 1970."""

    movement: str
    position: int
    event_id: str
    type: str
    service: str
    key: str
    sequence: int
    actor: str
    causation: str | None
    origin: str | None
    traceparent: str | None
    occurred_at: int
    recorded_at: int
    payload: bytes


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The structured form. `previous_sequence` is the last one of this subject that matched the same filter.

    `recordedtime` and `dataref` are CloudEvents' own extensions: when it entered the feed, in whose order it is, and
    where to ask what the subject is now, relative to the API's address.
    """

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    recordedtime: str
    dataref: str | None = None
    datacontenttype: str
    movement: str
    actor: str
    causation: str | None = None
    origin: str | None = None
    traceparent: str | None = None
    sequence: int
    previous_sequence: int | None
    data: msgspec.Raw


def cloud_event(item: Item, previous: int | None) -> CloudEvent:
    """The CloudEvent of a feed item."""
    return CloudEvent(
        specversion="1.0",
        id=item.event_id,
        source="/" + item.service,
        type=item.type,
        subject=item.key,
        time=_rfc3339(item.occurred_at),
        recordedtime=_rfc3339(item.recorded_at),
        dataref=path_of(item.key),
        datacontenttype="application/json",
        movement=item.movement,
        actor=item.actor,
        causation=item.causation,
        origin=item.origin,
        traceparent=item.traceparent,
        sequence=item.sequence,
        previous_sequence=previous,
        data=msgspec.Raw(item.payload),
    )


@lru_cache(maxsize=4096)  # what comes together entered the feed in one instant
def _rfc3339(microseconds: int) -> str:
    seconds, rest = divmod(microseconds, 1_000_000)
    return f"{_second(seconds)}.{rest // 1000:03d}Z"


@lru_cache(maxsize=4096)  # events come many a second, and formatting a date costs more than the rest of the envelope
def _second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


encode = msgspec.json.Encoder().encode
"""JSON bytes of a CloudEvent, or of anything made of them."""
