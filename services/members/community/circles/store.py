"""Every SQL statement about circles, their terms and their decisions."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.members.base import After, Base, page
from services.members.community.circles.models import Circle, Decision, State, Term, TermState


def add(session: Session, row: Base) -> None:
    """Insert a circle, a term or a decision."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, circle: str, *, lock: bool = False) -> Circle | None:
    """One circle; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    return session.get(Circle, (movement, circle), with_for_update=lock or None)


def list_circles(
    session: Session, movement: str, *, state: State | None, updated_since: datetime | None, after: After, limit: int
) -> Sequence[Circle]:
    """Circles in the order in which they were made."""
    query = sa.select(Circle).where(Circle.movement == movement)
    if state is not None:
        query = query.where(Circle.state == state)
    if updated_since is not None:
        query = query.where(Circle.updated_at >= updated_since)
    return session.scalars(page(query, Circle.id, after, limit)).all()


def find_term(session: Session, movement: str, circle: str, term: str) -> Term | None:
    """One term of a circle, locked (PostgreSQL): whoever looks for one is about to change it."""
    query = sa.select(Term).where(Term.movement == movement, Term.circle == circle, Term.id == term)
    return session.scalar(query.with_for_update())


def people_in(session: Session, movement: str, circle: str) -> set[str]:
    """Whoever has a role in a circle that was not ended, whomever a route leaves out of what it shows."""
    held = Term.__table__
    query = sa.select(held.c.person).where(held.c.movement == movement, held.c.circle == circle)
    return set(session.scalars(query.where(held.c.ended_on.is_(None))))


def terms(
    session: Session,
    movement: str,
    circle: str,
    *,
    state: TermState | None,
    today: date,
    after: After,
    limit: int,
) -> Sequence[Term]:
    """The terms of a circle, in the order in which they were entered, and where they stand today."""
    query = sa.select(Term).where(Term.movement == movement, Term.circle == circle)
    ended = Term.ended_on <= today
    over = sa.func.coalesce(Term.last_day < today, sa.false())
    match state:
        case TermState.ENDED:
            query = query.where(ended)
        case TermState.UPCOMING:
            query = query.where(sa.func.coalesce(sa.not_(ended), sa.true()), Term.first_day > today)
        case TermState.DUE | TermState.CURRENT:
            query = query.where(sa.func.coalesce(sa.not_(ended), sa.true()), Term.first_day <= today)
            query = query.where(over if state == TermState.DUE else sa.not_(over))
    return session.scalars(page(query, Term.id, after, limit)).all()


def decisions(
    session: Session, movement: str, circle: str, *, only: str | None = None, after: After = None, limit: int = 1
) -> Sequence[tuple[Decision, str | None]]:
    """The log of a circle, in the order in which it was written, each entry with the one that corrects it."""
    further = aliased(Decision)
    query = (
        sa.select(Decision, further.id)
        .outerjoin(further, (further.movement == Decision.movement) & (further.corrects == Decision.id))
        .where(Decision.movement == movement, Decision.circle == circle)
    )
    if only is not None:
        query = query.where(Decision.id == only)
    return [(decision, by) for decision, by in session.execute(page(query, Decision.id, after, limit))]
