"""The worker that asks measures in what the places lie that are named here: no verb waits for another service.

What was submitted before its place was learnt is looked at again then: it may plainly meet its round's rules after all.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import structlog
from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.places import store
from shared import clock
from shared.auth import service_principal, sign
from shared.ids import new_id
from shared.parts import Parts
from shared.upstream import Refused, read_json

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_AFTER_A_FAILURE = 10.0
ASKED_AGAIN_AFTER = timedelta(days=30)
_A_LOOK = 20
_NOT_FOUND = 404
_log = structlog.get_logger(__name__)


class _Place(msgspec.Struct):
    code: str


class _Places(msgspec.Struct):
    data: Sequence[_Place]


async def learn_places(parts: Parts) -> None:
    """Ask about what is due, until cancelled."""
    while True:
        pause = SECONDS_BETWEEN_LOOKS
        try:
            await look(parts)
        except Exception as error:  # measures may be away: what is due stays due
            _log.warning("places_put_off", error=type(error).__name__)
            pause = SECONDS_AFTER_A_FAILURE
        await asyncio.sleep(pause)


async def look(parts: Parts) -> None:
    """Ask about some of what is due, each place by itself."""
    for movement, code in await parts.db.read(store.due, clock.now(), _A_LOOK):
        areas = await _areas(parts, movement, code)
        await parts.acting_in(movement).write(_learn, movement, code, areas)


async def _areas(parts: Parts, movement: str, code: str) -> list[str]:
    """In what a place lies by the hierarchy that measures takes for the main one; nothing for one that is not known."""
    token = sign(service_principal(parts.service, movement), "measures", parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", new_id("req"))]
    path, deadline = f"/v1/places/{code}/ancestors", clock.timestamp() + 10
    try:
        found = await read_json(parts.upstreams["measures"], path, _Places, headers=headers, deadline=deadline)
    except Refused as refused:
        if refused.extra.get("upstream_status") != _NOT_FOUND:
            raise
        return []
    return [place.code for place in found.data]


def _learn(session: Session, movement: str, code: str, areas: list[str]) -> None:
    store.learn(session, movement, code, areas, clock.now() + ASKED_AGAIN_AFTER)
    if areas:
        applications.look_again(session, movement, code)
