"""Every SQL statement about rounds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import listed, locked
from services.grants.rounds.models import HOLDING, Round, RoundState
from services.grants.rounds.rules import DecisionMode
from shared.db.hot import hot

# One statement decides: whoever comes too late finds no row. On PostgreSQL the second of two waits for the first's
# commit and then tests the row as that left it; on SQLite there is one writer.
_commit_money = hot(
    sa.update(Round)
    .where(
        Round.movement == sa.bindparam("in_movement"),
        Round.id == sa.bindparam("round"),
        Round.state.in_([state.value for state in HOLDING]),
        sa.or_(Round.state != RoundState.OPEN.value, Round.decision_mode == DecisionMode.OFFICER.value),
        Round.currency == sa.bindparam("in_currency"),
        Round.minimum <= sa.bindparam("pence"),
        Round.maximum >= sa.bindparam("pence"),
        Round.committed + sa.bindparam("pence") <= Round.budget,
    )
    .values(committed=Round.committed + sa.bindparam("pence"))
)


_fund_of = hot(
    sa.select(Round.fund_id).where(Round.movement == sa.bindparam("in_movement"), Round.id == sa.bindparam("round"))
)


def fund_of(session: Session, movement: str, round_id: str) -> str | None:
    """The fund that the round is of."""
    row = _fund_of.one(session, {"in_movement": movement, "round": round_id})
    return None if row is None else str(row[0])


def commit_money(session: Session, movement: str, round_id: str, pence: int, currency: str) -> bool:
    """Commit ``pence`` of the round's budget, within its rules; False, and nothing committed, where they forbid it."""
    committed = _commit_money.run(
        session, {"in_movement": movement, "round": round_id, "pence": pence, "in_currency": currency}
    )
    return committed == 1


def find(session: Session, movement: str, round_id: str) -> Round | None:
    """The round."""
    return session.get(Round, (movement, round_id))


def for_change(session: Session, movement: str, round_id: str) -> Round | None:
    """The round as it is now, locked until the transaction ends."""
    query = sa.select(Round).where(Round.movement == movement, Round.id == round_id)
    return locked(session, query)


def due(session: Session, at: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """The rounds of all movements, with their movement, that are to open or to close by now; not those held up."""
    opening = sa.select(Round.movement, Round.id).where(
        Round.state == RoundState.PUBLISHED, Round.opens_at <= at, Round.held_up.is_(None)
    )
    closing = sa.select(Round.movement, Round.id).where(Round.state == RoundState.OPEN, Round.closes_at <= at)
    return [(movement, round_id) for movement, round_id in session.execute(sa.union_all(opening, closing).limit(limit))]


def amend(session: Session, amended: Round, values: Mapping[str, object], at: datetime) -> None:
    """Write rules past the model, which holds them frozen; the round is read again. Only an amendment does that."""
    here = Round.movement == amended.movement, Round.id == amended.id
    written = sa.update(Round).where(*here).values(**values, version=Round.version + 1, updated_at=at)
    session.execute(written.execution_options(synchronize_session=False))
    session.refresh(amended)


def list_rounds(
    session: Session,
    movement: str,
    *,
    fund_id: str | None,
    state: RoundState | None,
    q: str | None,
    after: str,
    limit: int,
) -> Sequence[Round]:
    """Rounds in the order of their making, those after ``after`` first; with ``q`` those whose title holds it."""
    query = listed(Round, movement, after=after, limit=limit, fund_id=fund_id, state=state)
    if q is not None:
        query = query.where(sa.func.lower(Round.title).contains(q.lower(), autoescape=True))
    return session.scalars(query).all()
