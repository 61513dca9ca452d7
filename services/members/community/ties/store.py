"""Every SQL statement about ties: always those that a caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.community.circles.models import Term
from services.members.community.ties.models import State, Tie, Visibility
from services.members.engagement.ladder import decisions
from services.members.engagement.ladder.models import Reason


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom ties are looked up: a person, an organisation, both or neither. ``day`` is today."""

    person: str | None
    organisation: str | None
    day: date


def add(session: Session, tie: Tie) -> None:
    """Insert a tie."""
    session.add(tie)
    session.flush()


def find(session: Session, movement: str, tie: str, *, lock: bool = False) -> Tie | None:
    """One tie; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    query = sa.select(Tie).where(Tie.movement == movement, Tie.id == tie)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def sees(session: Session, movement: str, viewer: Viewer, tie: Tie) -> bool:
    """Whether a viewer may see this tie."""
    query = sa.select(Tie.id).where(Tie.id == tie.id, _visible(movement, viewer))
    return session.scalar(query) is not None


def list_ties(
    session: Session,
    movement: str,
    viewer: Viewer,
    *,
    of: str | None,
    state: State | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Tie]:
    """Ties that a viewer may see, in the order of their declaring: all, or those of a person or an organisation."""
    query = sa.select(Tie).where(_visible(movement, viewer))
    if of is not None:
        query = query.where(_has_side(of))
    if state is not None:
        query = query.where(Tie.state == state)
    if updated_since is not None:
        query = query.where(Tie.updated_at >= updated_since)
    return session.scalars(page(query, Tie.id, after, limit)).all()


def on(session: Session, movement: str, viewer: Viewer, day: date) -> Sequence[Tie]:
    """The ties that held on a day, of those that a viewer may see today."""
    held = (Tie.since <= day, sa.or_(Tie.ended_on.is_(None), Tie.ended_on > day), Tie.state != State.DENIED)
    return session.scalars(sa.select(Tie).where(_visible(movement, viewer), *held).order_by(Tie.id)).all()


def _has_side(side: str) -> sa.ColumnElement[bool]:
    if side.startswith("person_"):
        return sa.or_(Tie.first_person == side, Tie.second_person == side)
    return sa.or_(Tie.first_organisation == side, Tie.second_organisation == side)


def _visible(movement: str, viewer: Viewer) -> sa.ColumnElement[bool]:
    """The ties of this movement that a viewer may see.

    The two sides see theirs. Others see what was confirmed and is shown to them, and nothing of children, residents
    and connectors' clients, whatever was agreed.
    """
    kept_out = decisions.excluded(movement, [Reason.CHILD, Reason.RESIDENT, Reason.CLIENT])
    shown: list[sa.ColumnElement[bool]] = [Tie.visibility.in_([Visibility.MOVEMENT, Visibility.PUBLIC])]
    own: list[sa.ColumnElement[bool]] = []
    if viewer.person is not None:
        own.append(_has_side(viewer.person))
        shown.append(sa.and_(Tie.visibility == Visibility.CIRCLE, Tie.circle.in_(_circles(movement, viewer))))
    if viewer.organisation is not None:
        own.append(_has_side(viewer.organisation))
    to_others = sa.and_(
        Tie.answered_at.is_not(None),
        Tie.state.in_([State.CONFIRMED, State.ENDED]),
        sa.or_(*shown),
        *(sa.or_(side.is_(None), side.not_in(kept_out)) for side in (Tie.first_person, Tie.second_person)),
    )
    return sa.and_(Tie.movement == movement, sa.or_(to_others, *own))


def _circles(movement: str, viewer: Viewer) -> sa.Select[str]:
    """The circles in which a person has a term today."""
    running = (sa.or_(Term.ended_on.is_(None), Term.ended_on > viewer.day), Term.first_day <= viewer.day)
    return sa.select(Term.circle).where(Term.movement == movement, Term.person == viewer.person, *running)
