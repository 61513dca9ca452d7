"""The worker that keeps lists true in the tools: whom to forget, what changed there, who comes off, who is added.

In that order, so that what is added goes by all that is known. Each step can be done again: a process that is killed at
any moment goes on with the next look, and nothing that it sends can bring back somebody who unsubscribed.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from services.members.life.mailings import at_tool, audience
from services.members.life.mailings.audience import Asked
from services.members.life.mailings.held_back import domain as held_back
from services.members.life.mailings.held_back.models import ReturnKind, Via
from services.members.life.mailings.tools import domain as tools
from services.members.life.mailings.tools import store
from services.members.life.mailings.tools.models import MailingTool
from services.members.life.mailings.tools.opening import opened
from services.members.life.mailings.vendors import tool as vendor
from services.members.life.mailings.vendors.hooks import CameBack
from services.members.life.mailings.vendors.tool import AtTool, Change, Contact
from services.members.trust.stops import domain as stops
from services.members.trust.stops import store as stops_store
from services.members.trust.stops.parts import MAILING_LISTS
from shared import clock
from shared.db import Bound
from shared.errors import AppError
from shared.parts import Parts
from shared.secrets import Secrets

SECONDS_BETWEEN_LOOKS = 2.0
_PAGE = 100
_MOST_A_LOOK = 200
_BUSY = timedelta(minutes=5)
_OVERLAP = timedelta(minutes=2)
"""What the tool's clock and ours may differ by: what changed there is read twice, and counts once."""

_SAYS = {
    AtTool.UNSUBSCRIBED: ReturnKind.UNSUBSCRIBED,
    AtTool.BOUNCED: ReturnKind.BOUNCED,
    AtTool.BLOCKED: ReturnKind.BLOCKED,
    AtTool.OFF: ReturnKind.BLOCKED,  # somebody took them off in the tool: we do not put them on again
}

_log = structlog.get_logger(__name__)


async def keep_lists_true(parts: Parts) -> None:
    """Look again and again which list is due. Killed, the next look goes on."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Make every list true that is due, one after the other."""
    now = clock.now()
    before = now - timedelta(minutes=parts.settings.mailing_sync_minutes)
    for movement, due in await parts.db.read(store.due, before, now):
        db = parts.acting_in(movement)
        tool = await db.write(store.claim, movement, due, now, now + _BUSY)
        if tool is not None:
            await sync(parts, db, tool)


async def sync(parts: Parts, db: Bound, tool: MailingTool) -> None:
    """Make one list true, and note what came of it. Off comes whoever is to come off, whatever keeps others from it."""
    began, trouble, whole = clock.now(), None, False
    asked = Asked(tool.purpose, "", parts.settings, parts.secrets)
    try:
        there = opened(parts, tool)
        await _have_forgotten(parts, db, tool, there)
        await _hear(db, tool, there, parts.secrets)
        await _take_off(db, tool, there, asked)
        await db.read(tools.refuse_uncovered, tool.movement, tool.organisation, tool.purpose)
        whole = await _add(db, tool, there, asked)
    except AppError as error:
        trouble = error.code
        _log.warning("mailing_list_not_true", tool=tool.id, trouble=trouble)
    await db.write(tools.looked_after, tool.movement, tool.id, began - _OVERLAP, trouble, whole=whole)
    await db.write(_answer_stops, tool.movement)


def _answer_stops(session: Session, movement: str) -> None:
    """Give the receipt of each stop whose person is on no list any more."""
    for stop, person in stops_store.waiting_for(session, movement, MAILING_LISTS):
        ended = tools.is_let_go_of(session, movement, person)
        if ended is not None:
            stops.obeyed(session, movement, stop, MAILING_LISTS, ended)


async def _have_forgotten(parts: Parts, db: Bound, tool: MailingTool, there: vendor.MailingTool) -> None:
    while some := await db.read(store.forgettings, tool.movement, tool.id, _PAGE):
        for forgetting in some:
            await there.forget(tools.address_to_forget(forgetting, parts.secrets))
            await db.write(store.forgotten, tool.movement, forgetting.id)


async def _hear(db: Bound, tool: MailingTool, there: vendor.MailingTool, secrets: Secrets) -> None:
    """Learn what changed in the tool since the last time: what a hook should have told, and perhaps did not."""
    some: list[Change] = []
    async for change in there.changed(tool.read_until or tool.created_at - _OVERLAP):
        some.append(change)
        if len(some) == _PAGE:
            await db.write(_learn, tool, some, secrets)
            some = []
    if some:
        await db.write(_learn, tool, some, secrets)


def _learn(session: Session, tool: MailingTool, changes: Sequence[Change], secrets: Secrets) -> None:
    known = store.entries(session, tool.movement, tool.id, [change.address.lower() for change in changes])
    for change in changes:
        entry = known.get(change.address.lower())
        if entry is not None and entry.stands == AtTool.ON and not entry.leaving and change.stands in _SAYS:
            heard = CameBack(entry.address, _SAYS[change.stands], clock.now())
            held_back.take(session, tool.movement, tool, heard, Via.LOOK, secrets)


async def _take_off(db: Bound, tool: MailingTool, there: vendor.MailingTool, asked: Asked) -> None:
    """Take off whoever no longer permits it or has another address, and whom a stop or a return takes off."""
    after = ""
    while some := await db.write(_mark_leaving, tool, asked, after):
        after = some[-1]
    while leaving := await db.read(store.leaving, tool.movement, tool.id, _PAGE):
        for entry in leaving:
            await there.take_off(entry.address)
            await db.write(tools.is_off, tool.movement, tool.id, entry.address)


def _mark_leaving(session: Session, tool: MailingTool, asked: Asked, after: str) -> Sequence[str]:
    """Mark those of the next entries on the list who are not to be on it. Answers which it looked at."""
    some = store.on_list(session, tool.movement, tool.id, after, _PAGE)
    wanted = audience.wanted_among(session, tool.movement, asked, [entry.person for entry in some])
    for entry in some:
        entry.leaving = entry.leaving or wanted.get(entry.person) != entry.address
    return [entry.address for entry in some]


async def _add(db: Bound, tool: MailingTool, there: vendor.MailingTool, asked: Asked) -> bool:
    """Add whoever permits it and is not on the list, and is not held back; whether that was all of them.

    Not more at a time than leaves room for other lists, and for those of this one who are to come off.
    """
    after, added = "", 0
    while some := await db.read(audience.permitted_page, tool.movement, asked, after, _PAGE):
        after = some[-1].person
        mailable = {each.address: each for each in some if each.reason is None and each.address is not None}
        for address in await db.read(tools.unknown_among, tool.movement, tool.id, list(mailable)):
            person, given, family, *_ = mailable[address]
            await at_tool.add(db, tool, there, person, Contact(address, given, family), asked.secrets)
            added += 1
            if added == _MOST_A_LOOK:
                return False
    return True
