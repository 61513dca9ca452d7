"""How the two jobs of an archive are carried out: gathering what is kept, and making the file of what may be read.

Both write in steps that may be repeated from the first: what an attempt before has written is deleted before.
"""

import asyncio
from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.trust.archives import collecting, contents, domain, others, store
from services.members.trust.archives import contributions as contributed
from services.members.trust.archives.contents import Gathered
from services.members.trust.archives.elsewhere import contributions
from services.members.trust.archives.models import ArchiveState, Form, Part, PassageRow, Piece
from services.members.trust.archives.packing import packed
from services.members.trust.archives.portable import portable
from services.members.trust.erasures import gathering
from shared import clock
from shared.errors import NotFound
from shared.jobs.work import Moved, Work

_ROWS_A_STEP = 4


class Job(msgspec.Struct, frozen=True):
    """What a job is asked for."""

    archive: str


class Of(msgspec.Struct, frozen=True):
    """Whose archive it is, by all their ids, and in what form."""

    ids: Sequence[str]
    form: Form


class ArchiveKind:
    """The job that gathers."""

    name = domain.GATHER

    async def carry_out(self, work: Work) -> object:
        """Gather what every service keeps, find other people's words in it, and keep both sealed for the review."""
        asked, secrets = work.request(Job), work.parts.secrets
        of = await work.db.read(_of, work.movement, asked.archive)
        found = await work.db.read(collecting.sections, work.movement, of.ids, secrets)
        nothing_in = collecting.nothing_in(found)
        themself = others.self_in(found, of.ids)
        who = await work.db.read(gathering.marks, work.movement, of.ids, ())
        apart = await work.db.read(contributed.sections, work.movement, of.ids[0])
        spoken = await work.db.read(collecting.passages, work.movement, who)
        elsewhere = await contributions(work.parts, work.movement, who)
        sections = [*found, *apart, *spoken, *(section for each in elsewhere for section in each.sections)]
        if of.form is Form.PORTABLE:
            sections = portable(sections)
        called = next((each.movement for each in elsewhere if each.movement is not None), None)
        gathered = Gathered(sections, nothing_in, called)
        passages = await work.db.read(others.passages, work.movement, sections, themself)
        rows: list[Part | PassageRow | Piece] = [*contents.parts(work.movement, asked.archive, gathered, secrets)]
        rows += [
            contents.passage(work.movement, asked.archive, number, each, sections[each.section], secrets)
            for number, each in enumerate(passages, 1)
        ]
        await _keep(work, asked.archive, rows)
        await work.step(_reach, asked.archive, ArchiveState.IN_REVIEW, len(rows))
        return {"archive": asked.archive, "passages": len(passages)}

    async def undo(self, work: Work) -> None:
        """Delete what was gathered, and say that it failed."""
        archive = work.request(Job).archive
        while await work.db.write(store.drop_some, work.movement, archive):
            pass
        await work.db.write(_put_back, work.movement, archive, ArchiveState.FAILED)


class ReleaseKind:
    """The job that makes the file."""

    name = domain.PACK

    async def carry_out(self, work: Work) -> object:
        """Make one zip of what may be read, and keep it sealed until it is fetched."""
        asked, secrets = work.request(Job), work.parts.secrets
        sealed = await work.db.read(store.parts, work.movement, asked.archive)
        held = await work.db.read(store.held_back, work.movement, asked.archive)
        gathered = contents.gathered(work.movement, asked.archive, sealed, secrets)
        zone = await work.db.read(days.zone, work.movement)
        # In a thread and not the CPU process: it is one person's, so some tenths of a second, mostly in zlib.
        file = await asyncio.to_thread(packed, gathered, held, zone, clock.now())
        pieces = contents.pieces(work.movement, asked.archive, file, secrets)
        await _keep(work, asked.archive, pieces)
        await work.step(_release, asked.archive, work.parts.settings.archive_days, len(pieces))
        return {"archive": asked.archive, "bytes": len(file), "held_back": len(held)}

    async def undo(self, work: Work) -> None:
        """Delete the file; the archive is as it was before it was released."""
        archive = work.request(Job).archive
        while await work.db.write(store.drop_some, work.movement, archive, (Piece,)):
            pass
        await work.db.write(_put_back, work.movement, archive, ArchiveState.IN_REVIEW)


async def _keep(work: Work, archive: str, rows: Sequence[Part | PassageRow | Piece]) -> None:
    """Write the rows a few a step, in place of those that an attempt before has left."""
    kinds = list({type(row) for row in rows})
    while await work.db.write(store.drop_some, work.movement, archive, kinds):
        pass
    for start in range(0, len(rows), _ROWS_A_STEP):
        await work.step(_add, rows[start : start + _ROWS_A_STEP], start, len(rows))


def _of(session: Session, movement: str, id: str) -> Of:
    archive = store.find(session, movement, id)
    if archive is None or not people.known(session, movement, [archive.person]):
        raise NotFound("whoever it is about is not known any more")
    return Of(gathering.ids_of(session, movement, archive.person), Form(archive.form))


def _add(session: Session, movement: str, rows: Sequence[Part | PassageRow | Piece], before: int, total: int) -> Moved:
    store.add_all(session, rows)
    return Moved(position="kept", done=before + len(rows), total=total)


def _reach(session: Session, movement: str, archive: str, state: ArchiveState, done: int) -> Moved:
    domain.step(session, movement, archive, state)
    return Moved(position="kept", done=done, total=done, settled=True)


def _release(session: Session, movement: str, archive: str, stays: int, done: int) -> Moved:
    domain.released(session, movement, archive, stays)
    return Moved(position="kept", done=done, total=done, settled=True)


def _put_back(session: Session, movement: str, archive: str, state: ArchiveState) -> None:
    if store.find(session, movement, archive) is not None:
        domain.step(session, movement, archive, state)
