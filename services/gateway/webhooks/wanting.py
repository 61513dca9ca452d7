"""What an endpoint wants: events of its types which hold what its payload filter asks for, and which came before."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from pydantic import JsonValue
from sqlalchemy import orm

from services.gateway.feed import store
from services.gateway.feed.cloudevents import Item, cloud_event, encode
from services.gateway.feed.domain import types_of
from services.gateway.feed.filters import Filter, filter_of
from shared.expressions import holds

_AT_ONCE = 100


class Wanted(msgspec.Struct, frozen=True):
    """What a subscription is for: patterns of types, a space between, and JMESPath that holds for what is wanted."""

    types: str
    payload_filter: str | None = None

    @property
    def by_type(self) -> Filter:
        """Which types it wants."""
        return filter_of(tuple(self.types.split()))

    @property
    def listed(self) -> Sequence[str] | None:
        """The types one by one; None for all."""
        return types_of(self.by_type)

    def wants(self, item: Item) -> bool:
        """Whether an event is wanted."""
        return self.by_type.wants(item.type) and self.takes(item)

    def takes(self, item: Item) -> bool:
        """Whether an event of a wanted type holds what is asked for."""
        return self.payload_filter is None or holds(self.payload_filter, document(item))


@lru_cache(maxsize=512)  # each event is looked at for every endpoint of its movement
def document(item: Item) -> JsonValue:
    """An event as expressions see it: the body that is sent, without `previous_sequence`, which depends on them."""
    seen: dict[str, JsonValue] = msgspec.json.decode(encode(cloud_event(item, None)))
    del seen["previous_sequence"]
    return seen


def previous(session: orm.Session, wanted: Wanted, item: Item) -> int | None:
    """The sequence of the last event of the item's subject, before it, that is wanted; None where it is the first.

    Each look goes back to the one before, so that all of them together read a subject's events once.
    """
    if wanted.payload_filter is None and wanted.by_type.everything:
        return item.sequence - 1 or None
    sequence = item.sequence
    while True:
        earlier = store.earlier(session, item, sequence, wanted.listed, _AT_ONCE if wanted.payload_filter else 1)
        for one in earlier:
            if wanted.takes(one):
                return one.sequence
        if len(earlier) < _AT_ONCE:
            return None
        sequence = earlier[-1].sequence
