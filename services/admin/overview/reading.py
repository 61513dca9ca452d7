"""What the overview page reads of the gateway's answers: the fields that it shows, and no others."""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

C = TypeVar("C")


class Movement(msgspec.Struct):
    """A movement, and the zone that its days and hours are told in."""

    name: str
    time_zone: str


class User(msgspec.Struct):
    """Somebody who signs in."""

    name: str


class Me(msgspec.Struct):
    """Who is signed in, and to which movement."""

    movement: Movement
    user: User


class Amount(msgspec.Struct):
    """Money as the API writes it."""

    amount: str
    currency: str

    def __str__(self) -> str:
        symbol = {"GBP": "£", "EUR": "€"}.get(self.currency)
        whole, _, part = self.amount.partition(".")
        amount = f"{int(whole):,}" + (f".{part}" if part.strip("0") else "")
        return f"{symbol}{amount}" if symbol else f"{amount} {self.currency}"


class Totals(msgspec.Struct):
    """What the events have announced so far."""

    people: int
    pledges: int
    activities: int
    figures: int
    applications: int
    applications_ended: int
    awards_offered: int
    awards_accepted: int
    offered: list[Amount]


class Step(msgspec.Struct):
    """A rung of the ladder and how many people stand on it."""

    rung: str
    people: int


class Funnel(msgspec.Struct):
    """The ladder, from its lowest rung."""

    rungs: list[Step]


class Measure(msgspec.Struct):
    """A measure that partners share."""

    title: str
    key: str


class Round(msgspec.Struct):
    """A round of micro-grants."""

    title: str
    state: str
    budget: Amount
    committed: Amount
    remaining: Amount


class Listed(msgspec.Struct, Generic[C]):
    """The first page of a list."""

    data: list[C]


class Section(msgspec.Struct, Generic[C]):
    """A part of the overview: its content, or why there is none."""

    status: str
    stale: bool
    as_of: datetime | None
    reason: str | None
    content: C | None


class Sections(msgspec.Struct):
    """The parts of the overview."""

    totals: Section[Totals]
    members: Section[Funnel]
    measures: Section[Listed[Measure]]
    grants: Section[Listed[Round]]


class Overview(msgspec.Struct):
    """A movement at a glance."""

    sections: Sections
