"""Two ways of subscribing, held against the same events: what one gets and the other does not, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import orm

from services.gateway.feed import domain as feed
from services.gateway.feed import store as feed_store
from services.gateway.feed.cloudevents import Item
from services.gateway.feed.store import Slice
from services.gateway.webhooks import domain as endpoints
from services.gateway.webhooks import queue, withheld
from services.gateway.webhooks.stopping import refuse_to_show
from services.gateway.webhooks.wanting import Wanted, document
from shared import clock
from shared.expressions import CannotEvaluate, evaluate

LOOKS_BACK = timedelta(days=30)
_WINDOW = 5_000

Change = Literal["gained", "lost", "changed"]


@dataclass(frozen=True, slots=True)
class Way:
    """A way of subscribing: what is wanted, and in which shape it is sent."""

    wanted: Wanted
    mapping: str | None

    def sends(self, item: Item) -> JsonValue:
        """The data of the body. A mapping that does not fit says so, as the log of attempts would."""
        event = document(item)
        try:
            return _data(event) if self.mapping is None else evaluate(self.mapping, event)
        except CannotEvaluate as error:
            return {"mapping_failed": str(error)}


@dataclass(frozen=True, slots=True)
class Difference:
    """An event that one way gets and the other does not, or gets in another shape."""

    change: Change
    item: Item
    before: JsonValue
    after: JsonValue


@dataclass(slots=True)
class Tally:
    """What was counted so far, up to the position that was reached."""

    reached: int
    before: int = 0
    after: int = 0
    differences: list[Difference] = field(default_factory=list)

    def note(self, item: Item, was: Way, will_be: Way) -> None:
        """Count an event that may be sent, and keep what differs about it."""
        had, will = was.wanted.wants(item), will_be.wanted.wants(item)
        self.before, self.after, self.reached = self.before + had, self.after + will, item.position
        if not had and not will:
            return
        before, after = was.sends(item) if had else None, will_be.sends(item) if will else None
        if had != will:
            self.differences.append(Difference("gained" if will else "lost", item, before, after))
        elif before != after:
            self.differences.append(Difference("changed", item, before, after))

    def add(self, part: "Tally") -> None:
        """Add the part behind."""
        self.reached, self.before, self.after = part.reached, self.before + part.before, self.after + part.after
        self.differences += part.differences

    def count(self, change: Change) -> int:
        """How many events differ in this way."""
        return sum(each.change == change for each in self.differences)


@dataclass(frozen=True, slots=True)
class Span:
    """The feed's positions of the last 30 days: the last before them, and the last of them."""

    after: int
    through: int


def span(session: orm.Session, movement: str) -> Span:
    """What a dry run looks at."""
    since = feed.position_at(session, movement, clock.now() - LOOKS_BACK)
    return Span(since, feed_store.head(session, movement))


def present(session: orm.Session, movement: str, id_: str) -> Way:
    """How an endpoint is subscribed now."""
    to = queue.destination(endpoints.get(session, movement, id_))
    return Way(to.wanted, to.mapping)


def compare(
    session: orm.Session,
    movement: str,
    id_: str,
    organisation: str | None,
    proposed: Way,
    looked_at: Span,
    most: int,
) -> tuple[Tally, bool]:
    """Hold the endpoint's way against another over the next part of a span; whether the span is through.

    It stops behind the event whose difference is the last of `most`, so that parts add up to the whole exactly. What
    the endpoint may not be sent whatever it asks for is in neither. `organisation` is the caller's. Raises NotCovered
    where no agreement covers what the endpoint would have.
    """
    endpoint = endpoints.get(session, movement, id_)
    refuse_to_show(session, endpoint, f"{endpoint.types} {proposed.wanted.types}", organisation)
    to = queue.destination(endpoint)
    was = Way(to.wanted, to.mapping)
    through = min(looked_at.after + _WINDOW, looked_at.through)
    part = Slice((looked_at.after, through))
    found = feed_store.within(session, movement, part, _types((was.wanted, proposed.wanted)), _WINDOW)
    tally = Tally(looked_at.after)
    for item in withheld.allowed(session, to, found):
        tally.note(item, was, proposed)
        if len(tally.differences) == most:
            return tally, tally.reached >= looked_at.through
    tally.reached = through
    return tally, through >= looked_at.through


def _types(ways: Sequence[Wanted]) -> Sequence[str] | None:
    """The types that any of them wants; None for all."""
    listed = [wanted.listed for wanted in ways]
    return None if None in listed else sorted({one for types in listed for one in types or ()})


def _data(event: JsonValue) -> JsonValue:
    return event["data"] if isinstance(event, dict) else None
