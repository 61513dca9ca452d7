"""The record that an event is about, asked for at the moment of sending: on the endpoint's behalf, under its scopes.

The service that owns the record decides what it shows, as for any caller. Another organisation has somebody's record
only while they permit that it is handed on for the endpoint's purpose, and then what may be handed on. Where
a record cannot be had the event is sent without, and says why; its receiver can ask at `dataref` by itself.
"""

from typing import Literal, NamedTuple

import msgspec

from services.gateway.feed.cloudevents import Item
from services.gateway.links import path_of
from services.gateway.webhooks.queue import Destination
from shared import clock
from shared.auth import Principal, sign
from shared.errors import DeadlinePassed, Unavailable
from shared.ids import is_id
from shared.parts import Parts
from shared.upstream import Upstream, UpstreamResponse

_SECONDS = 3.0
_HANDED_ON = "/internal/handed-on"
_scan = msgspec.json.Decoder(msgspec.Raw).decode

Missing = Literal["no_route", "not_allowed", "not_permitted", "not_found", "unavailable"]
_WHY: dict[int, Missing] = {403: "not_allowed", 404: "not_found", 410: "not_found", 422: "not_found"}


class Record(NamedTuple):
    """A record as its service answered it, or why there is none."""

    content: msgspec.Raw | None
    missing: Missing | None = None


class _HandedOn(msgspec.Struct):
    """Those of the people asked for who permit it, and those who do not."""

    people: list[msgspec.Raw]
    withheld: list[str]


async def record_of(parts: Parts, to: Destination, item: Item) -> Record | None:
    """The record of an event's subject; None where the endpoint asks for none. Never raises, never takes long."""
    if to.enrichment is None:
        return None
    path, upstream = path_of(item.key), parts.upstreams.get(item.service)
    if path is None or upstream is None:
        return Record(None, "no_route")
    of_somebody = to.organisation is not None and is_id(item.key, "person")
    headers = _headers(parts, to, item)
    try:
        if of_somebody:
            return _of_somebody(await _handed_on(upstream, to, item, headers))
        answer = await upstream.request("GET", path, headers=headers, deadline=_deadline())
        return Record(_scan(answer.body)) if answer.status == 200 else _without(answer)
    except (DeadlinePassed, Unavailable, msgspec.MsgspecError):
        return Record(None, "unavailable")


def _headers(parts: Parts, to: Destination, item: Item) -> list[tuple[str, str]]:
    scopes = frozenset((to.enrichment or "").split())
    asking = Principal(id=to.id, movement=to.movement, scopes=scopes, organisation=to.organisation)
    return [
        ("authorization", f"Bearer {sign(asking, item.service, parts.secrets)}"),
        ("backbone-request-id", item.event_id),
        ("content-type", "application/json"),
    ]


async def _handed_on(
    members: Upstream, to: Destination, item: Item, headers: list[tuple[str, str]]
) -> UpstreamResponse:
    body = msgspec.json.encode({"purpose": to.purpose, "people": [item.key]})
    return await members.request("POST", _HANDED_ON, headers=headers, body=body, deadline=_deadline())


def _of_somebody(answer: UpstreamResponse) -> Record:
    if answer.status != 200:
        return _without(answer)
    found = msgspec.json.decode(answer.body, type=_HandedOn)
    if found.people:
        return Record(found.people[0])
    return Record(None, "not_permitted" if found.withheld else "not_found")


def _without(answer: UpstreamResponse) -> Record:
    return Record(None, _WHY.get(answer.status, "unavailable"))


def _deadline() -> float:
    return clock.timestamp() + _SECONDS
