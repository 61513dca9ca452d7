"""Every SQL statement about wins."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.community.assets.publishable import SHELTERED
from services.members.engagement.ladder import decisions
from services.members.life.wins.models import Win, WinMaker
from services.members.trust.employers.store import not_own_staff
from services.members.trust.permissions.leaving_out import shown_here
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.verdicts import permitting
from services.members.trust.purposes.standard import WINS
from shared import clock


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which wins are wanted; None where it does not matter. ``shared`` are those that may be shown to everybody."""

    person: str | None = None
    organisation: str | None = None
    programme: str | None = None
    shared: bool | None = None
    updated_since: datetime | None = None


def add(session: Session, win: Win, makers: Iterable[WinMaker]) -> None:
    """Insert a win and who made it happen."""
    session.add(win)
    session.flush()
    session.add_all(makers)
    session.flush()


def put_makers(session: Session, movement: str, win: str, makers: Iterable[WinMaker]) -> None:
    """Let a win have been made by these and nobody else."""
    session.execute(sa.delete(WinMaker).where(WinMaker.movement == movement, WinMaker.win == win))
    session.add_all(makers)
    session.flush()


def find(session: Session, movement: str, win: str, *, locked: bool = False) -> Win | None:
    """One win, perhaps locked until the transaction ends."""
    return session.get(Win, (movement, win), with_for_update=locked or None)


def list_wins(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Win]:
    """Wins in the order in which they were noted, those after ``after`` first."""
    query = sa.select(Win).where(Win.movement == movement)
    for column, wanted in ((WinMaker.person, chosen.person), (WinMaker.organisation, chosen.organisation)):
        if wanted is not None:
            made = sa.select(WinMaker.win).where(WinMaker.movement == movement, column == wanted)
            query = query.where(Win.id.in_(made.where(*_named(session, movement))))
    if chosen.programme is not None:
        query = query.where(Win.programme == chosen.programme)
    if chosen.shared is not None:
        shared = _may_be_shown(session, movement)
        query = query.where(shared if chosen.shared else ~shared)
    if chosen.updated_since is not None:
        query = query.where(Win.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Win.id, after, limit)).all()


def makers(session: Session, movement: str, wins: Collection[str]) -> Sequence[WinMaker]:
    """Who made some wins happen, as far as the caller may see it: no employer sees what its own staff did."""
    query = sa.select(WinMaker).where(WinMaker.movement == movement, WinMaker.win.in_(wins))
    return session.scalars(query.where(*_named(session, movement)).order_by(WinMaker.id)).all()


def everybody_in(session: Session, movement: str, win: str) -> Sequence[WinMaker]:
    """Who made a win happen, whoever asks."""
    query = sa.select(WinMaker).where(WinMaker.movement == movement, WinMaker.win == win)
    return session.scalars(query.order_by(WinMaker.id)).all()


def shown_now(session: Session, movement: str, wins: Collection[str]) -> frozenset[str]:
    """Those of some wins that may be shown to everybody at this moment."""
    query = sa.select(Win.id).where(Win.movement == movement, Win.id.in_(wins), _may_be_shown(session, movement))
    return frozenset(session.scalars(query))


def may_be_named(session: Session, movement: str, win: str) -> bool:
    """Whether each person in a win allows that it is shown to everybody."""
    query = sa.select(Win.id).where(Win.movement == movement, Win.id == win, ~_keeps_back(session, movement))
    return session.scalar(query) is not None


def _named(session: Session, movement: str) -> list[sa.ColumnElement[bool]]:
    """The conditions that the caller may see who had a part in it."""
    return [*not_own_staff(session, movement, WinMaker.person), shown_here(session, WinMaker.person)]


def _may_be_shown(session: Session, movement: str) -> sa.ColumnElement[bool]:
    return sa.and_(Win.shared_at.is_not(None), ~_keeps_back(session, movement))


def _keeps_back(session: Session, movement: str) -> sa.ColumnElement[bool]:
    """The condition that somebody in the win does not allow it to be shown, or is a child, a resident or a client."""
    allows = permitting(session, movement, WinMaker.person, WINS, Channel.PUBLICATION, clock.now())
    sheltered = WinMaker.person.in_(decisions.excluded(movement, SHELTERED))
    return (
        sa.select(WinMaker.id)
        .where(WinMaker.movement == movement, WinMaker.win == Win.id, WinMaker.person.is_not(None))
        .where(sa.or_(~allows, sheltered))
        .correlate(Win)
        .exists()
    )
