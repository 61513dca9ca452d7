"""Every SQL statement about archives and what stands in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.trust.archives.models import Archive, ArchiveState, Decision, Part, PassageRow, Piece

ROWS_A_SLICE = 20
Content = type[Part] | type[PassageRow] | type[Piece]
CONTENT: Sequence[Content] = (Part, PassageRow, Piece)


def find(session: Session, movement: str, archive: str) -> Archive | None:
    """One archive."""
    return session.get(Archive, (movement, archive))


def for_change(session: Session, movement: str, archive: str) -> Archive | None:
    """One archive, locked until the transaction ends."""
    return session.get(Archive, (movement, archive), with_for_update=True)


def archives(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Archive]:
    """The archives that were made for somebody, in the order in which they were asked for."""
    query = sa.select(Archive).where(Archive.movement == movement, Archive.person == person)
    return session.scalars(page(query, Archive.id, after, limit)).all()


def add_all(session: Session, rows: Iterable[Part | PassageRow | Piece]) -> None:
    """Keep some of what stands in an archive."""
    session.add_all(rows)


def parts(session: Session, movement: str, archive: str) -> list[bytes]:
    """What was gathered, sealed, in order."""
    query = sa.select(Part.sealed).where(Part.movement == movement, Part.archive == archive)
    return list(session.scalars(query.order_by(Part.number)))


def piece(session: Session, movement: str, archive: str, number: int) -> bytes | None:
    """A piece of the finished file, sealed; None behind its end."""
    found = session.get(Piece, (movement, archive, number))
    return None if found is None else found.sealed


def passages(session: Session, movement: str, archive: str, *, after: After, limit: int) -> Sequence[PassageRow]:
    """Passages in the order in which they stand in the archive, those after ``after`` first."""
    query = sa.select(PassageRow).where(PassageRow.movement == movement, PassageRow.archive == archive)
    return session.scalars(page(query, PassageRow.number, after, limit)).all()


def passages_for_change(session: Session, movement: str, archive: str, numbers: Iterable[int]) -> dict[int, PassageRow]:
    """Passages by their numbers, locked."""
    query = sa.select(PassageRow).where(
        PassageRow.movement == movement, PassageRow.archive == archive, PassageRow.number.in_(numbers)
    )
    return {row.number: row for row in session.scalars(query.with_for_update())}


def held_back(session: Session, movement: str, archive: str) -> Sequence[PassageRow]:
    """The passages that the person does not get."""
    query = sa.select(PassageRow).where(
        PassageRow.movement == movement,
        PassageRow.archive == archive,
        PassageRow.decision != Decision.RELEASED,
    )
    return session.scalars(query.order_by(PassageRow.number)).all()


def decided(session: Session, movement: str, archives: Sequence[str]) -> dict[str, dict[str, int]]:
    """By archive how many passages there are of each decision."""
    query = (
        sa.select(PassageRow.archive, PassageRow.decision, sa.func.count())
        .where(PassageRow.movement == movement, PassageRow.archive.in_(archives))
        .group_by(PassageRow.archive, PassageRow.decision)
    )
    found: dict[str, dict[str, int]] = {archive: {} for archive in archives}
    for archive, decision, count in session.execute(query):
        found[archive][decision] = count
    return found


def drop_some(session: Session, movement: str, archive: str, content: Sequence[Content] = CONTENT) -> bool:
    """Delete some of what stands in an archive; whether there may be more."""
    for table in content:
        some = sa.select(table.number).where(table.movement == movement, table.archive == archive)
        gone = sa.delete(table).where(
            table.movement == movement,
            table.archive == archive,
            table.number.in_(some.order_by(table.number).limit(ROWS_A_SLICE)),
        )
        if session.execute(gone.returning(table.number), execution_options={"synchronize_session": False}).all():
            return True
    return False


def expired(session: Session, now: datetime) -> Sequence[tuple[str, str]]:
    """Movement and id of each archive whose days are over."""
    query = sa.select(Archive.movement, Archive.id).where(
        Archive.state != ArchiveState.EXPIRED, Archive.expires_at <= now
    )
    return [(movement, archive) for movement, archive in session.execute(query.limit(100))]


def being_made(session: Session, movement: str) -> bool:
    """Whether an archive is being gathered or packed."""
    making = Archive.state.in_((ArchiveState.GATHERING, ArchiveState.PACKING))
    query = sa.select(Archive.id).where(Archive.movement == movement, making)
    return session.execute(query.limit(1)).first() is not None


def with_content(session: Session, movement: str) -> Sequence[str]:
    """The archives in which something stands."""
    query = sa.select(Part.archive).where(Part.movement == movement).distinct()
    return session.scalars(query.order_by(Part.archive)).all()
