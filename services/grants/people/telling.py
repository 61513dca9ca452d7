"""What somebody has of their own here: what they reviewed and decided, the rolls they stand on, whom they walk beside.

Others' part of it stays out: of a vote, that and how they voted and never for whom, which no record says.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.grants.applications.models import Application
from services.grants.decisions.models import Decision, Departure, Meeting, Panellist
from services.grants.decisions.voting.models import Voter
from services.grants.reviews.models import Review, Score
from services.grants.rounds.models import Round
from services.grants.support.models import SupportContact
from shared.access.sections import Column, Section, Value, moment

_ROUND = Column("round", "Round")
_GROUP = Column("group", "Group")


def told(session: Session, movement: str, people: Collection[str]) -> list[Section]:
    """The sections of somebody by all ids that they ever had; none of which there is nothing."""
    kept = (_reviews, _scores, _panels, _departures, _rolls, _groups_walked_beside)
    return [section for each in kept if (section := each(session, movement, people)).rows]


def _reviews(session: Session, movement: str, people: Collection[str]) -> Section:
    said = (Review.state, Review.suggested, Review.interest, Review.note, Review.comment)
    query = (
        sa.select(Round.title, Application.group_name, *said, Review.assigned_at, Review.declared_at, Review.scored_at)
        .join(Application, _of(Application, Review.movement, Review.application_id))
        .join(Round, _of(Round, Review.movement, Review.round_id))
        .where(Review.movement == movement, Review.reviewer.in_(people))
        .order_by(Review.id)
    )
    columns = [
        _ROUND, _GROUP, Column("state", "How far it is"), Column("suggested", "What seemed to be an interest"),
        Column("interest", "Your interest"), Column("note", "What you said of it", "text", "themself"),
        Column("comment", "What you said of the application", "text", "themself"),
        Column("assigned_at", "Given to you", "moment"), Column("declared_at", "You declared", "moment"),
        Column("scored_at", "You scored it", "moment"),
    ]  # fmt: skip
    about = "Applications that you were asked to read, and what you said of them."
    return Section("reviews", "What you reviewed", about, columns, _rows(session, query), provided=True)


def _scores(session: Session, movement: str, people: Collection[str]) -> Section:
    query = (
        sa.select(Round.title, Application.group_name, Score.criterion, Score.score, Score.justification)
        .join(Review, _of(Review, Score.movement, Score.review_id))
        .join(Application, _of(Application, Review.movement, Review.application_id))
        .join(Round, _of(Round, Review.movement, Review.round_id))
        .where(Score.movement == movement, Review.reviewer.in_(people))
        .order_by(Score.review_id, Score.criterion)
    )
    columns = [
        _ROUND, _GROUP, Column("criterion", "What was scored"), Column("score", "Points", "number"),
        Column("justification", "Why", "text", "themself"),
    ]  # fmt: skip
    about = "The points that you gave, and why."
    return Section("review_scores", "How you scored", about, columns, _rows(session, query), provided=True)


def _panels(session: Session, movement: str, people: Collection[str]) -> Section:
    of_meeting = sa.and_(Meeting.movement == Panellist.movement, Meeting.decision_id == Panellist.decision_id)
    query = (
        sa.select(Round.title, Meeting.held_on)
        .select_from(Panellist)
        .join(Meeting, of_meeting)
        .join(Decision, _of(Decision, Panellist.movement, Panellist.decision_id))
        .join(Round, _of(Round, Decision.movement, Decision.round_id))
        .where(Panellist.movement == movement, Panellist.person.in_(people))
        .order_by(Meeting.held_on, Panellist.decision_id)
    )
    columns = [_ROUND, Column("held_on", "Met", "day")]
    about = "Meetings at which you sat and decided."
    return Section("panels", "Panels that you sat on", about, columns, _rows(session, query))


def _departures(session: Session, movement: str, people: Collection[str]) -> Section:
    query = (
        sa.select(Round.title, Application.group_name)
        .select_from(Departure)
        .join(Application, _of(Application, Departure.movement, Departure.application_id))
        .join(Round, _of(Round, Application.movement, Application.round_id))
        .where(Departure.movement == movement, Departure.person.in_(people))
        .order_by(Departure.decision_id, Departure.application_id)
    )
    about = "Applications during which you left the room."
    return Section("panel_departures", "When you left the room", about, [_ROUND, _GROUP], _rows(session, query))


def _rolls(session: Session, movement: str, people: Collection[str]) -> Section:
    query = (
        sa.select(Round.title, Voter.because, Voter.voted)
        .select_from(Voter)
        .join(Decision, _of(Decision, Voter.movement, Voter.decision_id))
        .join(Round, _of(Round, Decision.movement, Decision.round_id))
        .where(Voter.movement == movement, Voter.person.in_(people))
        .order_by(Voter.decision_id)
    )
    columns = [_ROUND, Column("because", "Why you may vote"), Column("voted", "How you voted, if you did")]
    about = "Votes on whose roll you stand. For whom you voted stands nowhere beside your name."
    return Section("voter_rolls", "Votes of yours", about, columns, _rows(session, query))


def _groups_walked_beside(session: Session, movement: str, people: Collection[str]) -> Section:
    query = (
        sa.select(Application.group_name, SupportContact.since, SupportContact.ended_on)
        .select_from(SupportContact)
        .join(Application, _of(Application, SupportContact.movement, SupportContact.application_id))
        .where(SupportContact.movement == movement, SupportContact.person.in_(people))
        .order_by(SupportContact.id)
    )
    columns = [_GROUP, Column("since", "From", "day"), Column("ended_on", "Until", "day")]
    about = "Groups that you walk, or walked, beside."
    return Section("groups_walked_beside", "Groups that you support", about, columns, _rows(session, query))


def _of(
    table: type[Application | Decision | Review | Round],
    movement: InstrumentedAttribute[str],
    key: InstrumentedAttribute[str],
) -> sa.ColumnElement[bool]:
    return sa.and_(table.movement == movement, table.id == key)


def _rows(session: Session, query: sa.Select[*tuple[object, ...]]) -> Sequence[Sequence[Value]]:
    return [list(_cells(row)) for row in session.execute(query)]


def _cells(row: Sequence[object]) -> Iterator[Value]:
    for cell in row:
        match cell:
            case datetime():
                yield moment(cell)
            case date():
                yield cell.isoformat()
            case str() | int() | None:
                yield cell
            case _:
                raise TypeError(f"no cell is a {type(cell).__name__}")
