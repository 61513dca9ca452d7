"""Every SQL statement about suggestions that wait."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import locked
from services.grants.funds.models import Fund
from services.grants.rounds.models import Round
from services.grants.suggestions.models import Suggestion


def add(session: Session, suggestion: Suggestion) -> None:
    """Keep a suggestion until it is drafted."""
    session.add(suggestion)


def is_known(session: Session, movement: str, suggestion: str) -> bool:
    """Whether it waits already, or a round was drafted of it."""
    drafted = sa.select(Round.id).where(Round.movement == movement, Round.suggestion == suggestion)
    return session.get(Suggestion, (movement, suggestion)) is not None or session.scalar(drafted) is not None


def for_change(session: Session, movement: str, suggestion: str) -> Suggestion | None:
    """A suggestion that waits, locked until the transaction ends."""
    query = sa.select(Suggestion).where(Suggestion.movement == movement, Suggestion.id == suggestion)
    return locked(session, query)


def remove(session: Session, suggestion: Suggestion) -> None:
    """Let a suggestion wait no longer."""
    session.delete(suggestion)


def draftable(session: Session, limit: int) -> Sequence[Suggestion]:
    """The suggestions of all movements that have a fund to draft them in, the oldest first."""
    chosen = sa.select(Fund.movement).where(Fund.takes_suggestions)
    only = sa.select(Fund.movement).group_by(Fund.movement).having(sa.func.count() == 1)
    query = sa.select(Suggestion).where(sa.or_(Suggestion.movement.in_(chosen), Suggestion.movement.in_(only)))
    return session.scalars(query.order_by(Suggestion.id).limit(limit)).all()


def fund_for(session: Session, movement: str) -> Fund | None:
    """The fund that takes suggestions: the one that was chosen, else the only one that the movement has."""
    query = sa.select(Fund).where(Fund.movement == movement).order_by(Fund.takes_suggestions.desc(), Fund.id).limit(2)
    funds = session.scalars(query).all()
    return funds[0] if funds and (len(funds) == 1 or funds[0].takes_suggestions) else None


def waiting(session: Session, movement: str, *, after: str, limit: int) -> Sequence[Suggestion]:
    """What waits to be drafted, in the order in which it was suggested."""
    query = sa.select(Suggestion).where(Suggestion.movement == movement, Suggestion.id > after)
    return session.scalars(query.order_by(Suggestion.id).limit(limit)).all()
