"""Every SQL statement about decisions, their candidates and the panel's meetings."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.models import Application, ApplicationState
from services.grants.base import listed, locked
from services.grants.decisions.models import Candidate, Decision, DecisionState, Departure, Meeting, Outcome, Panellist
from services.grants.rounds.models import HOLDING, Round

_LIVE = (DecisionState.BEGUN, DecisionState.VOTING, DecisionState.RANKED)


def add(session: Session, *rows: Decision | Candidate | Meeting | Panellist | Departure) -> None:
    """Enter a decision with its candidates, or a meeting with who sat in it."""
    session.add_all(rows)


def find(session: Session, movement: str, decision_id: str) -> Decision | None:
    """The decision."""
    return session.get(Decision, (movement, decision_id))


def for_change(session: Session, movement: str, decision_id: str) -> Decision | None:
    """The decision as it is now, locked until the transaction ends."""
    return locked(session, _one(movement, decision_id))


def held_still(session: Session, movement: str, decision_id: str) -> Decision | None:
    """The decision as it is now, which nobody changes until the transaction ends; many may hold it so at once."""
    query = _one(movement, decision_id).with_for_update(read=True)
    return session.scalar(query.execution_options(populate_existing=True))


def live(session: Session, movement: str, round_id: str) -> Decision | None:
    """The decision of a round that is under way."""
    query = sa.select(Decision).where(Decision.movement == movement, Decision.round_id == round_id)
    return session.scalar(query.where(Decision.state.in_(_LIVE)))


def list_decisions(
    session: Session, movement: str, *, round_id: str | None, state: DecisionState | None, after: str, limit: int
) -> Sequence[Decision]:
    """Decisions in the order of their beginning, those after ``after`` first."""
    query = listed(Decision, movement, after=after, limit=limit, round_id=round_id, state=state)
    return session.scalars(query).all()


def candidates(session: Session, movement: str, decision_id: str) -> Sequence[Candidate]:
    """Who stands in a decision: best first once that is known, by id before."""
    query = sa.select(Candidate).where(Candidate.movement == movement, Candidate.decision_id == decision_id)
    # Whether NULL sorts first or last differs between the databases.
    by_rank = (Candidate.rank.is_(None), Candidate.rank, Candidate.application_id)
    return session.scalars(query.order_by(*by_rank)).all()


def candidate_for_change(session: Session, movement: str, decision_id: str, application: str) -> Candidate | None:
    """A candidate as it is now, locked until the transaction ends."""
    query = sa.select(Candidate).where(
        Candidate.movement == movement, Candidate.decision_id == decision_id, Candidate.application_id == application
    )
    return locked(session, query)


def decided(session: Session, movement: str, application_id: str) -> tuple[str, set[str]]:
    """How the round of an application, which is there, is decided, and what decisions that were made gave it."""
    mode = sa.select(Round.decision_mode).join(
        Application, sa.and_(Application.movement == Round.movement, Application.round_id == Round.id)
    )
    given = sa.select(Candidate.outcome).join(
        Decision, sa.and_(Candidate.movement == Decision.movement, Candidate.decision_id == Decision.id)
    )
    of = (Candidate.movement == movement, Candidate.application_id == application_id)
    found = session.scalars(mode.where(Application.movement == movement, Application.id == application_id)).one()
    outcomes = session.scalars(given.where(*of, Decision.state == DecisionState.MADE))
    return found, {outcome for outcome in outcomes if outcome is not None}


def next_in_reserve(session: Session, limit: int) -> Sequence[tuple[str, str, str]]:
    """Of each decision in any movement the best in reserve for whom its round has the money: movement, decision, id."""
    waits = (
        sa.select(Candidate.movement, Candidate.decision_id, sa.func.min(Candidate.rank).label("rank"))
        .join(Decision, sa.and_(Candidate.movement == Decision.movement, Candidate.decision_id == Decision.id))
        .join(Round, sa.and_(Decision.movement == Round.movement, Decision.round_id == Round.id))
        .join(
            Application,
            sa.and_(Candidate.movement == Application.movement, Candidate.application_id == Application.id),
        )
        .where(
            Candidate.outcome == Outcome.RESERVE,
            Candidate.held_up.is_(None),
            Application.state == ApplicationState.RESERVE,
            Round.state.in_(HOLDING),
            Candidate.amount <= Round.budget - Round.committed,
        )
        .group_by(Candidate.movement, Candidate.decision_id)
        .limit(limit)
        .subquery()
    )
    next_ones = sa.select(Candidate.movement, Candidate.decision_id, Candidate.application_id).join(
        waits,
        sa.and_(
            Candidate.movement == waits.c.movement,
            Candidate.decision_id == waits.c.decision_id,
            Candidate.rank == waits.c.rank,
        ),
    )
    return [(movement, decision, application) for movement, decision, application in session.execute(next_ones)]


def applications_for_change(session: Session, movement: str, applications: Collection[str]) -> dict[str, Application]:
    """These applications as they are now, locked in the order of their ids, so that no two wait in a circle."""
    query = sa.select(Application).where(Application.movement == movement, Application.id.in_(applications))
    query = query.order_by(Application.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return {each.id: each for each in session.scalars(query)}


def meeting(session: Session, movement: str, decision_id: str) -> Meeting | None:
    """The panel's meeting."""
    return session.get(Meeting, (movement, decision_id))


def panellists(session: Session, movement: str, decision_id: str) -> Sequence[str]:
    """Who sat."""
    query = sa.select(Panellist.person).where(Panellist.movement == movement, Panellist.decision_id == decision_id)
    return session.scalars(query.order_by(Panellist.person)).all()


def departures(session: Session, movement: str, decision_id: str) -> Sequence[Departure]:
    """Who left the room for which application."""
    query = sa.select(Departure).where(Departure.movement == movement, Departure.decision_id == decision_id)
    return session.scalars(query.order_by(Departure.application_id, Departure.person)).all()


def forget_meeting(session: Session, movement: str, decision_id: str) -> None:
    """Take a meeting away, to write it down anew."""
    for table in (Departure, Panellist, Meeting):
        session.execute(sa.delete(table).where(table.movement == movement, table.decision_id == decision_id))


def _one(movement: str, decision_id: str) -> sa.Select[Decision]:
    return sa.select(Decision).where(Decision.movement == movement, Decision.id == decision_id)
