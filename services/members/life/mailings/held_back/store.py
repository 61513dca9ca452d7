"""Every SQL statement about what came back, and about the quiet list."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.people.models import Email
from services.members.life.mailings.held_back.models import (
    FROM_EVERY_PURPOSE,
    MailReturn,
    Quiet,
    ReturnKind,
    ReturnPerson,
)
from services.members.trust.employers.store import not_own_staff


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which returns are wanted; None where it does not matter."""

    kind: ReturnKind | None = None
    unclear: bool | None = None
    person: str | None = None
    updated_since: datetime | None = None


def add(session: Session, row: MailReturn | ReturnPerson | Quiet) -> None:
    """Insert a return, somebody whom it is about, or an entry of the quiet list."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, id: str, *, locked: bool = False) -> MailReturn | None:
    """One return, perhaps locked until the transaction ends."""
    query = sa.select(MailReturn).where(MailReturn.movement == movement, MailReturn.id == id)
    return session.scalar(query.with_for_update() if locked else query)


def people_of(session: Session, movement: str, returns: Collection[str]) -> Mapping[str, Sequence[ReturnPerson]]:
    """Whom some returns are about, by return: those of them who are shown where it is asked."""
    query = sa.select(ReturnPerson).where(ReturnPerson.movement == movement, ReturnPerson.mail_return.in_(returns))
    found: defaultdict[str, list[ReturnPerson]] = defaultdict(list)
    for each in session.scalars(query.order_by(ReturnPerson.person)):
        found[each.mail_return].append(each)
    return found


def standing(session: Session, movement: str, tool: str, kind: ReturnKind, digest: bytes) -> str | None:
    """The return of that kind by which an address is held back already."""
    query = sa.select(MailReturn.id).where(
        MailReturn.movement == movement,
        MailReturn.digest == digest,
        MailReturn.tool == tool,
        MailReturn.kind == kind,
        MailReturn.lifted_at.is_(None),
    )
    return session.scalar(query.limit(1))


def kinds_of(
    session: Session, movement: str, purpose: str, digests: Collection[bytes]
) -> Mapping[bytes, set[ReturnKind]]:
    """By what addresses are held back for a purpose, given by their digests; those that are not are not in it."""
    query = sa.select(MailReturn.digest, MailReturn.kind).where(
        MailReturn.movement == movement,
        MailReturn.digest.in_(digests),
        MailReturn.lifted_at.is_(None),
        sa.or_(MailReturn.purpose == purpose, MailReturn.kind.in_(FROM_EVERY_PURPOSE)),
    )
    found: defaultdict[bytes, set[ReturnKind]] = defaultdict(set)
    for digest, kind in session.execute(query):
        found[digest].add(ReturnKind(kind))
    return found


def list_returns(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[MailReturn]:
    """Returns in the order in which they came, those after ``after`` first."""
    query = sa.select(MailReturn).where(MailReturn.movement == movement)
    for column, wanted in ((MailReturn.kind, chosen.kind), (MailReturn.unclear, chosen.unclear)):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.person is not None:
        about = sa.select(ReturnPerson.mail_return).where(
            ReturnPerson.movement == movement, ReturnPerson.person == chosen.person
        )
        query = query.where(MailReturn.id.in_(about))
    if chosen.updated_since is not None:
        query = query.where(MailReturn.updated_at >= chosen.updated_since)
    return session.scalars(page(query, MailReturn.id, after, limit)).all()


def who_has(session: Session, movement: str, address: str) -> Sequence[str]:
    """Everybody who has an address, in letters of either case."""
    query = sa.select(Email.person).where(Email.movement == movement, sa.func.lower(Email.address) == address)
    return session.scalars(query.order_by(Email.person)).all()


def find_quiet(session: Session, movement: str, id: str) -> Quiet | None:
    """One entry of the quiet list, locked."""
    return session.get(Quiet, (movement, id), with_for_update=True)


def quiet_of(session: Session, movement: str, person: str, today: date) -> Quiet | None:
    """The entry by which somebody is left in quiet now."""
    query = _in_quiet(movement, today).where(Quiet.person == person)
    return session.scalar(query.limit(1))


def quiet_among(session: Session, movement: str, people: Collection[str], today: date) -> frozenset[str]:
    """Those of some people who asked for quiet."""
    query = _in_quiet(movement, today).where(Quiet.person.in_(people))
    return frozenset(session.scalars(query.with_only_columns(Quiet.person)))


def list_quiet(session: Session, movement: str, today: date, *, after: After, limit: int) -> Sequence[Quiet]:
    """The quiet list of a day, in the order in which it was written, those after ``after`` first."""
    query = _in_quiet(movement, today).where(*not_own_staff(session, movement, Quiet.person))
    return session.scalars(page(query, Quiet.id, after, limit)).all()


def _in_quiet(movement: str, today: date) -> sa.Select[Quiet]:
    return sa.select(Quiet).where(
        Quiet.movement == movement,
        Quiet.ended_at.is_(None),
        sa.or_(Quiet.until.is_(None), Quiet.until >= today),
    )
