"""Every SQL statement about voters, ballots and tallies."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.decisions.voting.models import Ballot, Tally, Voted, Voter


def add(session: Session, *rows: Voter | Ballot | Tally) -> None:
    """Enter voters, a ballot or a tally."""
    session.add_all(rows)


def voters_among(
    session: Session, movement: str, decision_id: str, people: Collection[str], *, locked: bool = False
) -> Sequence[Voter]:
    """Those of these ids that are on the roll."""
    query = sa.select(Voter).where(
        Voter.movement == movement, Voter.decision_id == decision_id, Voter.person.in_(people)
    )
    if locked:
        query = query.order_by(Voter.person).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def list_voters(session: Session, movement: str, decision_id: str, *, after: str, limit: int) -> Sequence[Voter]:
    """The roll by the voters' ids, those after ``after`` first."""
    query = sa.select(Voter).where(Voter.movement == movement, Voter.decision_id == decision_id, Voter.person > after)
    return session.scalars(query.order_by(Voter.person).limit(limit)).all()


def voted(session: Session, movement: str, decision_id: str, how: Voted) -> int:
    """How many on the roll voted this way."""
    query = sa.select(sa.func.count()).where(
        Voter.movement == movement, Voter.decision_id == decision_id, Voter.voted == how
    )
    return session.scalar(query) or 0


def has_roll(session: Session, movement: str, decision_id: str) -> bool:
    """Whether anybody is on the roll."""
    query = sa.select(Voter.person).where(Voter.movement == movement, Voter.decision_id == decision_id).limit(1)
    return session.scalar(query) is not None


def ballots(session: Session, movement: str, decision_id: str) -> Sequence[Ballot]:
    """The ballots by receipt: in an order that says nothing of when they were cast."""
    query = sa.select(Ballot).where(Ballot.movement == movement, Ballot.decision_id == decision_id)
    return session.scalars(query.order_by(Ballot.receipt)).all()


def tallies(session: Session, movement: str, decision_id: str) -> Sequence[Tally]:
    """What was counted, box by box, and the tellers of a box as they came."""
    query = sa.select(Tally).where(Tally.movement == movement, Tally.decision_id == decision_id)
    return session.scalars(query.order_by(Tally.box, Tally.counted_at, Tally.teller)).all()
