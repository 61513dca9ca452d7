"""Telling the designated lead that a concern was raised: its id, sent to the one address that is set for it.

Nothing of a concern goes by the log of events, so the lead is told by a way of its own: an incoming webhook of the
chat, pager or telephone service that the lead has (`BACKBONE_CONCERN_NOTICE_URL`). What was said is read in Backbone.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from services.members.trust.safeguarding.concerns.models import ConcernNotice
from shared import clock
from shared.dialler import DialFailed, Dialler
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 1.0
_LONGEST_PAUSE = timedelta(minutes=5)
_SECONDS = 15.0
_log = structlog.get_logger(__name__)


def have_told(session: Session, movement: str, concern: str) -> None:
    """Have the lead told of a concern, once this is committed."""
    session.add(ConcernNotice(movement=movement, concern=concern, due_at=clock.now(), attempts=0))


async def tell_the_lead(parts: Parts) -> None:
    """Tell what is to be told, again and again until it was taken. Killed, it goes on with what is left."""
    url = parts.settings.concern_notice_url
    if url is None:
        await asyncio.Event().wait()  # nobody is to be told, for as long as this runs
        return
    dialler = Dialler(to_loopback=parts.settings.webhooks_to_loopback)
    while True:
        for movement, concern in await parts.db.read(_due, clock.now()):
            told = await tell(dialler, url.get_secret_value(), concern)
            await parts.db.write(_settle, movement, concern, told)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def tell(dialler: Dialler, url: str, concern: str) -> bool:
    """Whether the lead's address took it. `text` is what chats show."""
    body = msgspec.json.encode({"text": f"A concern was raised: {concern}. Read it in Backbone.", "concern": concern})
    headers = {"content-type": "application/json"}
    try:
        answer = await dialler.request("POST", url, headers=headers, body=body, seconds=_SECONDS, most=0)
    except DialFailed as failed:
        _log.warning("lead_not_told", why=str(failed))
        return False
    if not 200 <= answer.status < 300:
        _log.warning("lead_not_told", why=f"answered {answer.status}")
        return False
    return True


def _due(session: Session, now: datetime) -> Sequence[tuple[str, str]]:
    query = sa.select(ConcernNotice.movement, ConcernNotice.concern).where(ConcernNotice.due_at <= now)
    return [(movement, concern) for movement, concern in session.execute(query.order_by(ConcernNotice.due_at))]


def _settle(session: Session, movement: str, concern: str, told: bool) -> None:
    """Forget a notice that was taken; put another off, by a pause that doubles."""
    notice = session.get(ConcernNotice, (movement, concern), with_for_update=True)
    if notice is None:
        return
    if told:
        session.delete(notice)
    else:
        notice.attempts += 1
        notice.due_at = clock.now() + min(timedelta(seconds=2 ** min(notice.attempts, 9)), _LONGEST_PAUSE)
