"""Every SQL statement about asks, offers and their matches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.affiliations.models import Affiliation
from services.members.directory.people.models import Person
from services.members.life.exchange.models import Listing, ListingState, Match, MatchState, Side
from services.members.trust.employers.store import not_own_staff
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.verdicts import permitting
from services.members.trust.purposes.standard import EXCHANGE
from shared import clock

_MOST_CANDIDATES = 2000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which asks or offers are wanted; None where it does not matter. ``on`` is a day on which they are of use."""

    person: str | None = None
    organisation: str | None = None
    kind: str | None = None
    state: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChosenMatches:
    """Which matches are wanted; None where it does not matter."""

    ask: str | None = None
    offer: str | None = None
    state: str | None = None
    updated_since: datetime | None = None


def add(session: Session, row: Listing | Match) -> None:
    """Insert a row, at once: others refer to it."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, side: Side, listing: str) -> Listing | None:
    """One ask or offer that the caller may see."""
    query = sa.select(Listing).where(Listing.movement == movement, Listing.id == listing, Listing.side == side)
    return session.scalar(query.where(*_seen(session, movement, side)))


def for_change(session: Session, movement: str, listings: Collection[str]) -> Mapping[str, Listing]:
    """Asks and offers by their ids, locked in one order until the transaction ends."""
    query = sa.select(Listing).where(Listing.movement == movement, Listing.id.in_(listings)).order_by(Listing.id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return {listing.id: listing for listing in session.scalars(locked)}


def list_listings(
    session: Session, movement: str, side: Side, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Listing]:
    """Asks or offers in the order in which they were made, those after ``after`` first."""
    query = sa.select(Listing).where(Listing.movement == movement, Listing.side == side)
    for column, wanted in (
        (Listing.person, chosen.person),
        (Listing.organisation, chosen.organisation),
        (Listing.kind, chosen.kind),
        (Listing.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.on is not None:
        query = query.where(_of_use(chosen.on))
    if chosen.updated_since is not None:
        query = query.where(Listing.updated_at >= chosen.updated_since)
    return session.scalars(page(query.where(*_seen(session, movement, side)), Listing.id, after, limit)).all()


def candidates(session: Session, movement: str, mine: Listing, today: date) -> Sequence[Listing]:
    """What is open on the other side, of the same kind and somebody else's, whose person permits to be brought
    together with others; the first to be said is the first."""
    side = Side(mine.side).other
    permits = permitting(session, movement, Listing.person, EXCHANGE, Channel.IN_PERSON, clock.now())
    another = Listing.person != mine.person if mine.person is not None else Listing.organisation != mine.organisation
    query = sa.select(Listing).where(
        Listing.movement == movement,
        Listing.side == side,
        Listing.state == ListingState.OPEN,
        Listing.kind == mine.kind,
        _of_use(today),
        sa.or_(another, another.is_(None)),
        sa.or_(Listing.person.is_(None), permits),
        *_seen(session, movement, side),
    )
    return session.scalars(query.order_by(Listing.id).limit(_MOST_CANDIDATES)).all()


def postcodes(session: Session, movement: str, people: Collection[str]) -> Mapping[str, str | None]:
    """Where people live, by their ids."""
    query = sa.select(Person.id, Person.postcode).where(Person.movement == movement, Person.id.in_(people))
    return dict(session.execute(query).all())


def people_behind(session: Session, movement: str, listing: Listing, today: date) -> set[str]:
    """Whom one meets: the person whose it is, or those who have a place in the organisation today, whomever a route
    leaves out of what it shows."""
    if listing.person is not None:
        return {listing.person}
    held = Affiliation.__table__.c
    query = sa.select(held.person).where(
        held.movement == movement,
        held.organisation == listing.organisation,
        held.ended_on.is_(None) | (held.ended_on > today),
    )
    return set(session.scalars(query))


def find_match(session: Session, movement: str, match: str, *, locked: bool = False) -> Match | None:
    """One match, perhaps locked until the transaction ends."""
    query = sa.select(Match).where(Match.movement == movement, Match.id == match)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def matched_with(session: Session, movement: str, listing: str) -> set[str]:
    """The ask and the offer of the match that one of them is in, if it is in one."""
    query = sa.select(Match.ask, Match.offer).where(*_lives(movement, listing))
    return {side for row in session.execute(query) for side in row}


def live_match(session: Session, movement: str, listing: str) -> Match | None:
    """The match that an ask or an offer is in, locked."""
    query = sa.select(Match).where(*_lives(movement, listing))
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def list_matches(
    session: Session, movement: str, *, chosen: ChosenMatches, after: After, limit: int
) -> Sequence[Match]:
    """Matches in the order in which they were made, those after ``after`` first."""
    query = sa.select(Match).where(Match.movement == movement)
    for column, wanted in ((Match.ask, chosen.ask), (Match.offer, chosen.offer), (Match.state, chosen.state)):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Match.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Match.id, after, limit)).all()


def live_of_people(session: Session, movement: str, people: Collection[str]) -> Sequence[Listing]:
    """The asks and offers of some people that are open or matched, locked."""
    return _live(session, movement, Listing.person.in_(people))


def live_of_organisation(session: Session, movement: str, organisation: str) -> Sequence[Listing]:
    """The asks and offers of an organisation that are open or matched, locked."""
    return _live(session, movement, Listing.organisation == organisation)


def _lives(movement: str, listing: str) -> Sequence[sa.ColumnElement[bool]]:
    either = sa.or_(Match.ask == listing, Match.offer == listing)
    return Match.movement == movement, either, Match.state == MatchState.MADE


def _live(session: Session, movement: str, whose: sa.ColumnElement[bool]) -> Sequence[Listing]:
    live = Listing.state.in_((ListingState.OPEN, ListingState.MATCHED))
    query = sa.select(Listing).where(Listing.movement == movement, live, whose).order_by(Listing.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def _of_use(day: date) -> sa.ColumnElement[bool]:
    return sa.or_(Listing.until.is_(None), Listing.until >= day)


def _seen(session: Session, movement: str, side: Side) -> Sequence[sa.ColumnElement[bool]]:
    """No employer sees what its own staff asks for."""
    return not_own_staff(session, movement, Listing.person) if side is Side.ASK else ()
