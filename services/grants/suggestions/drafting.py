"""The worker that drafts suggested rounds: it asks members what the wishes are about, for no event says that.

The event only stored what is to be done; it goes in the transaction that drafts the round. So a process killed at any
moment drafts each once.
"""

import asyncio

import msgspec
import structlog

from services.grants.suggestions import domain, store
from services.grants.suggestions.models import Suggestion
from shared import clock
from shared.auth import service_principal, sign
from shared.db import Context
from shared.parts import Parts
from shared.upstream import read_json

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_AFTER_A_FAILURE = 10.0
_A_LOOK = 20
_log = structlog.get_logger(__name__)


class About(msgspec.Struct):
    """What a suggested round is to be about, in words."""

    theme: str
    place: str


async def draft_suggested_rounds(parts: Parts) -> None:
    """Draft what waits and has a fund, until cancelled."""
    while True:
        pause = SECONDS_BETWEEN_LOOKS
        for suggestion in await parts.db.read(store.draftable, _A_LOOK):
            try:
                await _draft(parts, suggestion)
            except Exception as error:  # members may be away: it waits, and is tried again
                _log.warning("suggestion_put_off", suggestion=suggestion.id, error=type(error).__name__)
                pause = SECONDS_AFTER_A_FAILURE
        await asyncio.sleep(pause)


async def _draft(parts: Parts, suggestion: Suggestion) -> None:
    movement = suggestion.movement
    token = sign(service_principal(parts.service, movement), "members", parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", suggestion.causation)]
    if suggestion.traceparent is not None:
        headers.append(("traceparent", suggestion.traceparent))
    path, deadline = f"/internal/round-suggestions/{suggestion.id}", clock.timestamp() + 10
    about = await read_json(parts.upstreams["members"], path, About, headers=headers, deadline=deadline)
    context = Context(movement, suggestion.actor, suggestion.causation, traceparent=suggestion.traceparent)
    await parts.db.on_behalf(context).write(domain.draft, movement, suggestion.id, about.theme, about.place)
