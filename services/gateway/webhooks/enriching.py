"""The record that an event is about, asked for at the moment of sending: on the endpoint's behalf, under its scopes.

The service that owns the record decides what it shows, as for any caller: who said no is not in it. Where it cannot be
had the event is sent without, and says why; its receiver can ask at `dataref` by itself.
"""

from typing import Literal, NamedTuple

import msgspec

from services.gateway.feed.cloudevents import Item
from services.gateway.links import path_of
from services.gateway.webhooks.queue import Destination
from shared import clock
from shared.auth import Principal, sign
from shared.errors import DeadlinePassed, Unavailable
from shared.parts import Parts

_SECONDS = 3.0
_scan = msgspec.json.Decoder(msgspec.Raw).decode

Missing = Literal["no_route", "not_allowed", "not_found", "unavailable"]
_WHY: dict[int, Missing] = {403: "not_allowed", 404: "not_found", 410: "not_found", 422: "not_found"}


class Record(NamedTuple):
    """A record as its service answered it, or why there is none."""

    content: msgspec.Raw | None
    missing: Missing | None = None


async def record_of(parts: Parts, to: Destination, item: Item) -> Record | None:
    """The record of an event's subject; None where the endpoint asks for none. Never raises, never takes long."""
    if to.enrichment is None:
        return None
    path, upstream = path_of(item.key), parts.upstreams.get(item.service)
    if path is None or upstream is None:
        return Record(None, "no_route")
    asking = Principal(
        id=to.id, movement=to.movement, scopes=frozenset(to.enrichment.split()), organisation=to.organisation
    )
    headers = [
        ("authorization", f"Bearer {sign(asking, item.service, parts.secrets)}"),
        ("backbone-request-id", item.event_id),
    ]
    try:
        answer = await upstream.request("GET", path, headers=headers, deadline=clock.timestamp() + _SECONDS)
        if answer.status == 200:
            return Record(_scan(answer.body))
    except (DeadlinePassed, Unavailable, msgspec.DecodeError):
        return Record(None, "unavailable")
    return Record(None, _WHY.get(answer.status, "unavailable"))
