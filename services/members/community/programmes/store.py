"""Every SQL statement about programmes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.community.programmes.models import AlignedTo, Alignment, Partner, Programme, Role, RolePeriod

_whole = sa.select(Programme).options(
    selectinload(Programme.alignments), selectinload(Programme.partners), selectinload(Programme.roles)
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which programmes are wanted; None where it does not matter. ``role`` is one that the backbone has ``on`` a day,
    and ``partner`` an organisation that takes part then."""

    on: date
    lead: str | None = None
    partner: str | None = None
    role: Role | None = None
    aligned_to: tuple[tuple[AlignedTo, str | None], ...] = ()
    updated_since: datetime | None = None


def find(session: Session, movement: str, programme: str, *, locked: bool = False) -> Programme | None:
    """One programme with all that belongs to it as it is stored now, perhaps locked until the transaction ends."""
    query = _whole.where(Programme.movement == movement, Programme.id == programme)
    query = query.execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def list_programmes(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Programme]:
    """Programmes in the order in which they were entered, those after ``after`` first."""
    query = _whole.where(Programme.movement == movement)
    if chosen.lead is not None:
        query = query.where(Programme.lead == chosen.lead)
    if chosen.updated_since is not None:
        query = query.where(Programme.updated_at >= chosen.updated_since)
    for kind, word in chosen.aligned_to:
        if word is not None:
            aligned = sa.select(Alignment.programme).where(Alignment.movement == movement, Alignment.kind == kind)
            query = query.where(Programme.id.in_(aligned.where(Alignment.word == word)))
    if chosen.role is not None:
        held = sa.select(RolePeriod.programme).where(RolePeriod.movement == movement, RolePeriod.role == chosen.role)
        query = query.where(Programme.id.in_(held.where(_holds(RolePeriod, chosen.on))))
    if chosen.partner is not None:
        parts = sa.select(Partner.programme).where(Partner.movement == movement, Partner.organisation == chosen.partner)
        query = query.where(Programme.id.in_(parts.where(_holds(Partner, chosen.on))))
    return session.scalars(page(query, Programme.id, after, limit)).all()


def led_by(session: Session, movement: str, organisation: str, on: date) -> Sequence[Programme]:
    """The programmes that an organisation leads and that are not over on a day, locked."""
    query = sa.select(Programme).where(Programme.movement == movement, Programme.lead == organisation)
    open_then = query.where(Programme.ended_on.is_(None) | (Programme.ended_on > on))
    return session.scalars(open_then.order_by(Programme.id).with_for_update()).all()


def align(session: Session, movement: str, programme: str, kind: AlignedTo, words: Iterable[str]) -> None:
    """Let a programme be aligned to these of a kind in place of those that it was aligned to."""
    of_kind = (Alignment.movement == movement, Alignment.programme == programme, Alignment.kind == kind)
    session.execute(sa.delete(Alignment).where(*of_kind))
    rows = [{"movement": movement, "programme": programme, "kind": kind, "word": word} for word in words]
    if rows:
        session.execute(sa.insert(Alignment), rows)


def partner_for_change(session: Session, movement: str, programme: str, partner: str) -> Partner | None:
    """One partner of a programme."""
    found = session.get(Partner, (movement, partner))
    return found if found is not None and found.programme == programme else None


def _holds(periods: type[RolePeriod] | type[Partner], on: date) -> sa.ColumnElement[bool]:
    return (periods.starts_on <= on) & (periods.ended_on.is_(None) | (periods.ended_on > on))
