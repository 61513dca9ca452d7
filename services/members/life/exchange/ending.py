"""How an ask or an offer ends before it is met, and a match that comes to nothing: what every path ends them by."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from services.members.life.exchange import store
from services.members.life.exchange.models import Listing, ListingState, Match, MatchState, Side
from shared import clock, outbox
from shared.events.members.exchange import AskOpened, AskUnmatched, AskWithdrawn, OfferOpened, OfferWithdrawn


def withdraw(session: Session, movement: str, listing: Listing) -> None:
    """Take back one that is locked; a match that it is in falls through. Raises IllegalTransition."""
    match = store.live_match(session, movement, listing.id)
    if match is not None:
        fall_through(session, movement, match, None)
    listing.step(ListingState.WITHDRAWN, clock.now())
    told = AskWithdrawn(ask=listing.id) if listing.side == Side.ASK else OfferWithdrawn(offer=listing.id)
    outbox.record(session, told)


def fall_through(session: Session, movement: str, match: Match, note: str | None) -> None:
    """Let a match, locked, come to nothing: the ask and the offer are open again. Raises IllegalTransition."""
    at = clock.now()
    match.step(MatchState.FALLEN_THROUGH, at)
    match.note = note or match.note
    for listing in store.for_change(session, movement, [match.ask, match.offer]).values():
        listing.step(ListingState.OPEN, at)
    outbox.record(session, AskUnmatched(ask=match.ask, match=match.id, offer=match.offer))


def tell_open(session: Session, listing: Listing) -> None:
    """Say that something is asked for or offered."""
    if listing.side == Side.ASK:
        outbox.record(session, AskOpened(ask=listing.id, kind=listing.kind))
    else:
        outbox.record(session, OfferOpened(offer=listing.id, kind=listing.kind))


def withdraw_all_of(session: Session, movement: str, people: Collection[str]) -> None:
    """Take back all that some people ask for and offer: whoever was to meet them looks for somebody else."""
    for listing in store.live_of_people(session, movement, people):
        withdraw(session, movement, listing)
    session.flush()


def part(session: Session, movement: str, one: str, other: str) -> None:
    """Let every match between two people who are kept apart from now on come to nothing."""
    theirs = {listing.id for listing in store.live_of_people(session, movement, [other])}
    for listing in store.live_of_people(session, movement, [one]):
        match = store.live_match(session, movement, listing.id)
        if match is not None and not theirs.isdisjoint({match.ask, match.offer}):
            fall_through(session, movement, match, None)


def part_from_itself(session: Session, movement: str, organisation: str) -> None:
    """Let every match of an organisation with itself come to nothing: it took on what another asked for or offered."""
    own = {listing.id: listing for listing in store.live_of_organisation(session, movement, organisation)}
    for listing in own.values():
        match = store.live_match(session, movement, listing.id) if listing.side == Side.ASK else None
        if match is not None and match.offer in own:
            fall_through(session, movement, match, None)
