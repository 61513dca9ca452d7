"""What is answered about whether a receiver has everything."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from services.gateway.feed.schemas import CloudEvent
from services.gateway.webhooks.completeness import domain
from shared.fields import View


class MissedEvents(View):
    """What was to be sent, in the order of the feed, in the very form of the webhook's body (before any mapping)."""

    data: list[CloudEvent]
    next_cursor: Annotated[str | None, Field(description="send it as `cursor` for the rest; null where that is all")]


class Receipt(View):
    """What entered the feed for an endpoint in a period: count it and add it up on your side, and compare."""

    since: datetime
    until: datetime
    closed: Annotated[bool, Field(description="the period is over: no further event will belong to it")]
    count: Annotated[int, Field(description="different events, by their `id`; what is withheld is not among them")]
    digest: Annotated[
        str,
        Field(
            description="the sum, modulo 2^256, of SHA-256 of each event's `id`, as 64 hexadecimal digits",
            examples=["0" * 64],
        ),
    ]
    delivered: int
    waiting: Annotated[int, Field(description="still to be sent")]
    failed: Annotated[int, Field(description="given up: `recover` sends them again")]

    @classmethod
    def of(cls, receipt: domain.Receipt) -> Self:
        return cls.model_validate(receipt, from_attributes=True)


class Receipts(View):
    """One receipt for each period, the oldest first."""

    data: list[Receipt]

    @classmethod
    def of(cls, receipts: list[domain.Receipt]) -> Self:
        return cls(data=[Receipt.of(each) for each in receipts])
