"""The worker that carries erasures out in this service, and ends each when every service has answered.

All that it does can be done again: a process that is killed at any moment goes on with what is left. The last thing is
the disk; only then is an erasure over.
"""

import asyncio
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from services.members import days
from services.members.base import Base
from services.members.life.mailings.tools import domain as mailing_tools
from services.members.trust.archives import forgetting as archives
from services.members.trust.equality import domain as equality
from services.members.trust.erasures import domain, leaving, rows, sealed, store
from services.members.trust.erasures.fates import Leaving
from services.members.trust.erasures.merged import forget_in_merges
from services.members.trust.erasures.models import Erasure
from shared import clock, outbox
from shared.erasure.counting import Counted
from shared.erasure.marks import Finder, Marks
from shared.erasure.store import forget_answers
from shared.erasure.worker import SECONDS_BETWEEN_LOOKS, sweep
from shared.events.members.erasures import MembershipErased, PersonErased
from shared.jobs import tables as jobs
from shared.parts import Parts

_log = structlog.get_logger(__name__)
_HERE = "members"


async def carry_out_erasures(parts: Parts) -> None:
    """Carry out what is admitted and end what is answered, until cancelled."""
    while True:
        for movement, erasure in await parts.db.read(store.admitted):
            await _attempt(parts, movement, erasure)
        for movement, erasure in await parts.db.read(store.lapsed, clock.now().date()):
            await _end_holds(parts, movement, erasure)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _attempt(parts: Parts, movement: str, erasure: str) -> None:
    try:
        found = await parts.db.read(domain.read, movement, erasure)
        waiting = {receipt.service for receipt in found.receipts if receipt.answered_at is None}
        if _HERE in waiting:
            await _carry_out(parts, found)
        elif not waiting:
            await _finish(parts, found)
    except Exception as error:  # whatever it was, it is tried again: what is done stays done
        _log.warning("erasure_interrupted", erasure=erasure, error=type(error).__name__)


async def _carry_out(parts: Parts, erasure: Erasure) -> None:
    movement, marks = erasure.movement, domain.opened(parts.secrets, erasure)
    db = parts.acting_in(movement, erasure.id)
    gone = Leaving(marks.people, frozenset(each.kind for each in erasure.held))
    await db.write(domain.keep_out, movement, marks.people, parts.secrets)
    await db.write(mailing_tools.have_forgotten, movement, marks.people, parts.secrets)
    counted = Counted(db, partial(store.count, movement=movement, erasure=erasure.id, service=_HERE))
    await _erase(counted, erasure, gone, marks)
    finder = Finder(marks)
    for metadata in (Base.metadata, jobs.metadata):
        await sweep(counted, movement, metadata, finder, leaving.derive_again)
    await sealed.sweep(counted, movement, finder, parts.secrets)
    await db.write(domain.answered, movement, erasure.id, _HERE)


async def _erase(counted: Counted, erasure: Erasure, gone: Leaving, marks: Marks) -> None:
    """Delete what goes and empty what stays."""
    movement = erasure.movement
    await counted.db.write(leaving.take_leave, movement, marks.people)
    await counted.erase(equality.forget, movement, marks.people)
    await counted.erase(forget_in_merges, movement, gone)
    await counted.erase(rows.empty, movement, gone)
    while await counted.erase(_erase_some, movement, erasure, gone):
        pass  # other writers come between two slices
    await counted.db.write(leaving.forget_words, movement, marks)
    await counted.erase(forget_answers, movement, marks.people)


def _erase_some(session: Session, movement: str, erasure: Erasure, gone: Leaving) -> int:
    """The next slice; in the first one the person is seen no more. The one in which the membership goes says so too."""
    person = erasure.person
    was_member, was_there = rows.membership(session, movement, person), rows.is_there(session, movement, person)
    rows.blank(session, movement, person, erasure.id)
    erased = rows.erase_some(session, movement, gone)
    if was_member is not None and rows.membership(session, movement, person) is None:
        outbox.record(session, MembershipErased(person=person, membership=was_member))
    if was_there and not rows.is_there(session, movement, person):
        outbox.record(session, PersonErased(person=person, erasure=erasure.id))
    return erased


async def _end_holds(parts: Parts, movement: str, erasure: str) -> None:
    """Erase what was held for long enough."""
    found = await parts.db.read(domain.read, movement, erasure)
    today = await parts.db.read(days.today, movement)
    db = parts.acting_in(movement, erasure)
    still = frozenset(each.kind for each in found.held if each.until >= today)
    gone = Leaving([found.person], still)
    while await db.write(_erase_some, movement, found, gone):
        pass
    await parts.db.scrub(())
    await db.write(domain.no_longer_held, movement, erasure, today)


async def _finish(parts: Parts, erasure: Erasure) -> None:
    """Discard the archives that were made of what is erased by now everywhere, clear the disk, and end the erasure."""
    finder = Finder(domain.opened(parts.secrets, erasure))
    db = parts.acting_in(erasure.movement, erasure.id)
    await archives.discard_speaking_of(db, erasure.movement, finder, parts.secrets)
    if await parts.db.scrub(finder.traces):
        _log.warning("erasure_left_traces", erasure=erasure.id)
    kept = timedelta(days=parts.settings.backups_kept_days)
    await db.write(domain.over, erasure.movement, erasure.id, kept)
