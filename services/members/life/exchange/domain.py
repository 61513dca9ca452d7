"""The verbs of asks and offers: made, changed and withdrawn. What brings the two together is in ``matches``."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.life.ages import refuse_children
from services.members.life.exchange import ending, store
from services.members.life.exchange.models import Listing, ListingState, Side
from services.members.life.exchange.schemas import ListingChanges, NewListing
from services.members.life.exchange.store import Chosen
from services.members.named import by_present_ids, named
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def make(session: Session, movement: str, side: Side, said: NewListing) -> Listing:
    """Note what somebody asks for or offers. Raises Invalid, NotForChildren."""
    found = named(
        session, movement, people={"/person": said.person}, organisations={"/organisation": said.organisation}
    )
    faults = list(found.faults)
    if said.until is not None and said.until < days.today(session, movement):
        faults.append(Fault("/until", "is past", "in_the_past"))
    if faults:
        raise Invalid(faults=faults)
    refuse_children(session, movement, found.at("/person"))
    at = clock.now()
    listing = Listing(
        movement=movement,
        id=new_id(side),
        version=1,
        side=side,
        kind=said.kind,
        person=found.at("/person"),
        organisation=found.at("/organisation"),
        title=said.title,
        description=said.description,
        interests=sorted(said.interests),
        times=[hours.model_dump(mode="json") for hours in said.times],
        area=said.area,
        postcode=said.postcode,
        until=said.until,
        state=ListingState.OPEN,
        created_at=at,
        updated_at=at,
    )
    store.add(session, listing)
    ending.tell_open(session, listing)
    return listing


def change(session: Session, movement: str, side: Side, id: str, said: ListingChanges, expected: int | None) -> Listing:
    """Change what is still open. Raises NotFound, PreconditionFailed, NotOpen, Invalid."""
    listing = _held(session, movement, side, id, expected)
    today = days.today(session, movement)
    if said.until is not None and said.until < today:
        raise Invalid(faults=[Fault("/until", "is past", "in_the_past")])
    if listing.state != ListingState.OPEN:
        listing.refuse_unless_open(today)
    said.apply(listing, "title", "description", "area", "postcode", "until")
    if said.interests is not None:
        listing.interests = sorted(said.interests)
    if said.times is not None:
        listing.times = [hours.model_dump(mode="json") for hours in said.times]
    listing.changed(clock.now())
    return listing


def withdraw(session: Session, movement: str, side: Side, id: str, expected: int | None) -> Listing:
    """Take an ask or an offer back; a match that it is in falls through, and the other is open again.

    Whoever did not know that it was matched meanwhile holds an older version. Raises NotFound, PreconditionFailed,
    IllegalTransition.
    """
    listing = _held(session, movement, side, id, expected)
    ending.withdraw(session, movement, listing)
    return listing


def read(session: Session, movement: str, side: Side, id: str) -> Listing:
    """One ask or offer. Raises NotFound."""
    found = store.find(session, movement, side, id)
    if found is None:
        raise NotFound
    return found


def list_listings(
    session: Session, movement: str, side: Side, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Listing]:
    """Asks or offers in the order in which they were made; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    return store.list_listings(session, movement, side, chosen=chosen, after=after, limit=limit)


def _held(session: Session, movement: str, side: Side, id: str, expected: int | None) -> Listing:
    """An ask or an offer, locked with what it is matched with, at the version that the caller read."""
    read(session, movement, side, id)
    listing = store.for_change(session, movement, {id, *store.matched_with(session, movement, id)})[id]
    hold_to(listing.version, expected)
    return listing
