"""What the feed answers, as OpenAPI tells it; the bytes are made by :mod:`services.gateway.feed.cloudevents`."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from shared.fields import View


class CloudEvent(View):
    """An event: CloudEvents 1.0 in structured JSON."""

    specversion: Literal["1.0"]
    id: Annotated[str, Field(description="the event's id, by which a receiver knows a repetition")]
    source: Annotated[str, Field(examples=["/grants"])]
    type: Annotated[str, Field(examples=["award.offered"])]
    subject: Annotated[str, Field(description="the id of what the event is about")]
    time: datetime
    recordedtime: Annotated[datetime, Field(description="when it entered the feed; receipts count by this moment")]
    dataref: Annotated[
        str | None,
        Field(
            description="where to ask what the subject is now",
            examples=["/v1/people/person_01j5x3m0e8f7v9q2k4t6w8y0ab"],
        ),
    ] = None
    datacontenttype: Literal["application/json"]
    movement: str
    actor: Annotated[str, Field(description="the principal that caused it")]
    causation: Annotated[str | None, Field(description="the request or the event that led to it")] = None
    origin: Annotated[str | None, Field(description="the connection that it came through")] = None
    traceparent: str | None = None
    sequence: Annotated[int, Field(description="counts the events of source and subject from 1, without a gap")]
    previous_sequence: Annotated[
        int | None, Field(description="the sequence of the last event before, of the same subject and the same filter")
    ]
    data: dict[str, JsonValue]


class EventPage(View):
    """Part of the feed. It has no last page: `next_cursor` always leads on, and `has_more` says whether at once."""

    data: list[CloudEvent]
    next_cursor: str
    has_more: bool
