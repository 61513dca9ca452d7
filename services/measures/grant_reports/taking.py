"""The worker that takes accepted reports: it asks grants what they say, for no event carries values or words.

The event only stored what is to be done; that goes in the transaction that tells what became of it. So a process killed
at any moment takes each once.
"""

import asyncio

import structlog

from services.measures.grant_reports import domain, store
from services.measures.grant_reports.domain import Accepted, Refused
from services.measures.grant_reports.models import WaitingReport
from shared import clock
from shared.auth import service_principal, sign
from shared.db import Context
from shared.errors import AppError
from shared.parts import Parts
from shared.upstream import read_json

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_AFTER_A_FAILURE = 10.0
_A_LOOK = 20
_log = structlog.get_logger(__name__)


async def take_grant_reports(parts: Parts) -> None:
    """Take what waits, until cancelled."""
    while True:
        pause = SECONDS_BETWEEN_LOOKS
        for waits in await parts.db.read(store.waiting, _A_LOOK):
            try:
                await take(parts, waits)
            except Exception as error:  # grants may be away: it waits, and is tried again
                _log.warning("grant_report_put_off", report=waits.report, error=type(error).__name__)
                pause = SECONDS_AFTER_A_FAILURE
        await asyncio.sleep(pause)


async def take(parts: Parts, waits: WaitingReport) -> None:
    """Take one: each figure in a transaction of its own, so that none keeps another back."""
    movement = waits.movement
    token = sign(service_principal(parts.service, movement), "grants", parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", waits.causation)]
    path, deadline = f"/internal/grant-reports/{waits.report}", clock.timestamp() + 10
    accepted = await read_json(parts.upstreams["grants"], path, Accepted, headers=headers, deadline=deadline)
    context = Context(movement, f"service:{parts.service}", waits.causation, traceparent=waits.traceparent)
    db = parts.db.on_behalf(context)
    refused = []
    for number, figure in enumerate(accepted.figures):
        try:
            await db.write(domain.take_figure, movement, waits.report, waits.award, figure)
        except AppError as error:
            refused.append(Refused(number, domain.code_of(error)))
    await db.write(domain.tell_story, movement, waits.report, accepted)
    await db.write(domain.finish, movement, waits.report, len(accepted.figures) - len(refused), refused)
