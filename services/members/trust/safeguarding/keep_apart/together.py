"""Where two people who are kept apart have been together, or still are: what the lead looks at when it is recorded.

What is to come ends by itself as the pair is recorded (:mod:`.parting`). What was is not undone, and what goes on
between them is for the lead to end with whoever runs it: a case, an introduction that was made, a relationship.
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.members.community.assets.models import Asset
from services.members.community.circles.models import Term
from services.members.community.connections.models import LIVE_CASES, LIVE_STEPS, Connection, Introduction
from services.members.community.stewardships.models import Stewardship
from services.members.community.ties.models import Tie
from services.members.engagement.gatherings.bookings.models import Booking, State
from services.members.engagement.gatherings.slots.models import Slot
from services.members.trust.permissions.store import Column
from shared import clock

Selected = sa.Select[str, str, bool]


class Shared(NamedTuple):
    """Something that both are in: what it is, its id, and whether it goes on."""

    kind: str
    id: str
    goes_on: bool


def together(session: Session, movement: str, one: str, other: str) -> Sequence[Shared]:
    """Everything that both are, or were, in, by the ids that they have now."""
    queries = (
        *(_case(movement, one, other), _introduction(movement, one, other), _relationship(movement, one, other)),
        *(_tie(movement, one, other), _slot(movement, one, other), _circle(movement, one, other)),
    )
    found = {Shared(row[0], row[1], bool(row[2])) for query in queries for row in session.execute(query)}
    return sorted(found)


def _between(left: Column, right: Column, one: str, other: str) -> sa.ColumnElement[bool]:
    return sa.or_(sa.and_(left == one, right == other), sa.and_(left == other, right == one))


def _case(movement: str, one: str, other: str) -> Selected:
    both = _between(Connection.person, Connection.connector, one, other)
    live = Connection.state.in_(LIVE_CASES)
    return sa.select(sa.literal("connection"), Connection.id, live).where(Connection.movement == movement, both)


def _introduction(movement: str, one: str, other: str) -> Selected:
    """One of them introduced to what the other offers, or with the other as host."""
    live = Introduction.state.in_(LIVE_STEPS)
    met = sa.or_(
        _between(Connection.person, Introduction.host, one, other),
        _between(Connection.person, Asset.person, one, other),
    )
    return (
        sa.select(sa.literal("introduction"), Introduction.id, live)
        .join(
            Connection, sa.and_(Connection.movement == Introduction.movement, Connection.id == Introduction.connection)
        )
        .join(Asset, (Asset.movement == Introduction.movement) & (Asset.id == Introduction.asset))
        .where(Introduction.movement == movement, met)
    )


def _relationship(movement: str, one: str, other: str) -> Selected:
    both = _between(Stewardship.holder, Stewardship.about_person, one, other)
    live = Stewardship.ended_on.is_(None)
    return sa.select(sa.literal("stewardship"), Stewardship.id, live).where(Stewardship.movement == movement, both)


def _tie(movement: str, one: str, other: str) -> Selected:
    both = _between(Tie.first_person, Tie.second_person, one, other)
    return sa.select(sa.literal("tie"), Tie.id, Tie.ended_on.is_(None)).where(Tie.movement == movement, both)


def _slot(movement: str, one: str, other: str) -> Selected:
    """A slot that both had booked and did not cancel."""
    theirs = aliased(Booking)
    return (
        sa.select(sa.literal("slot"), Slot.id, Slot.ends_at > clock.now())
        .join(Booking, sa.and_(Booking.movement == Slot.movement, Booking.slot == Slot.id))
        .join(theirs, sa.and_(theirs.movement == Slot.movement, theirs.slot == Slot.id))
        .where(Slot.movement == movement, Booking.person == one, theirs.person == other)
        .where(Booking.state != State.CANCELLED, theirs.state != State.CANCELLED)
    )


def _circle(movement: str, one: str, other: str) -> Selected:
    theirs = aliased(Term)
    goes_on = sa.and_(Term.ended_on.is_(None), theirs.ended_on.is_(None))
    return (
        sa.select(sa.literal("circle"), Term.circle, goes_on)
        .join(theirs, sa.and_(theirs.movement == Term.movement, theirs.circle == Term.circle))
        .where(Term.movement == movement, Term.person == one, theirs.person == other)
    )
