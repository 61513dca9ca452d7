"""Every SQL statement about reviews."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.models import Application
from services.grants.base import locked
from services.grants.reviews.models import Review, ReviewState, Score

_STANDING = (ReviewState.ASSIGNED, ReviewState.CLEAR, ReviewState.SCORED)


class Chosen(NamedTuple):
    """Which reviews a list shows; None: whichever."""

    round: str | None = None
    application: str | None = None
    state: ReviewState | None = None
    reviewers: Collection[str] | None = None


def find(session: Session, movement: str, review_id: str) -> Review | None:
    """The review."""
    return session.get(Review, (movement, review_id))


def for_change(session: Session, movement: str, review_id: str) -> Review | None:
    """The review as it is now, locked until the transaction ends."""
    return locked(session, sa.select(Review).where(Review.movement == movement, Review.id == review_id))


def add(session: Session, review: Review) -> None:
    """Enter an assignment."""
    session.add(review)


def list_reviews(session: Session, movement: str, chosen: Chosen, *, after: str, limit: int) -> Sequence[Review]:
    """Reviews in the order of their assignment, those after ``after`` first."""
    query = sa.select(Review).where(Review.movement == movement, Review.id > after)
    if chosen.round is not None:
        query = query.where(Review.round_id == chosen.round)
    if chosen.application is not None:
        query = query.where(Review.application_id == chosen.application)
    if chosen.state is not None:
        query = query.where(Review.state == chosen.state)
    if chosen.reviewers is not None:
        query = query.where(Review.reviewer.in_(chosen.reviewers))
    return session.scalars(query.order_by(Review.id).limit(limit)).all()


def of_people(
    session: Session, movement: str, people: Collection[str], applications: Collection[str]
) -> Sequence[Review]:
    """The reviews that these ids have of these applications, those that were taken back left out."""
    query = sa.select(Review).where(
        Review.movement == movement,
        Review.application_id.in_(applications),
        Review.reviewer.in_(people),
        Review.state != ReviewState.RELEASED,
    )
    return session.scalars(query).all()


def released(session: Session, movement: str, application: str, reviewer: str) -> Review | None:
    """The review of an application that was taken back from somebody."""
    query = sa.select(Review).where(
        Review.movement == movement,
        Review.application_id == application,
        Review.reviewer == reviewer,
        Review.state == ReviewState.RELEASED,
    )
    return session.scalar(query)


def of_applications(session: Session, movement: str, applications: Collection[str]) -> Sequence[Review]:
    """All reviews of these applications, those that were taken back too."""
    query = sa.select(Review).where(Review.movement == movement, Review.application_id.in_(applications))
    return session.scalars(query.order_by(Review.id)).all()


def scores_of(session: Session, movement: str, reviews: Collection[str]) -> Mapping[str, Sequence[Score]]:
    """The scores of each of these reviews, in the order of the criteria's keys."""
    query = sa.select(Score).where(Score.movement == movement, Score.review_id.in_(reviews))
    found: defaultdict[str, list[Score]] = defaultdict(list)
    for score in session.scalars(query.order_by(Score.review_id, Score.criterion)):
        found[score.review_id].append(score)
    return found


def delete_scores(session: Session, movement: str, review_id: str) -> None:
    """Take away what a reviewer gave: it counts no more."""
    session.execute(sa.delete(Score).where(Score.movement == movement, Score.review_id == review_id))


def burdens(session: Session, movement: str, round_id: str) -> Mapping[str, int]:
    """How many applications of a round each reviewer has to read or has read."""
    query = (
        sa.select(Review.reviewer, sa.func.count())
        .where(Review.movement == movement, Review.round_id == round_id, Review.state.in_(_STANDING))
        .group_by(Review.reviewer)
    )
    return dict(session.execute(query).all())


def applications_of(session: Session, movement: str, round_id: str, states: Collection[str]) -> Sequence[Application]:
    """The applications of a round that are in these states, by id."""
    query = sa.select(Application).where(
        Application.movement == movement, Application.round_id == round_id, Application.state.in_(states)
    )
    return session.scalars(query.order_by(Application.id)).all()
