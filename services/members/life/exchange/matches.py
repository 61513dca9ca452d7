"""Bringing an ask and an offer together: what fits and why, the match, and how it went.

Nobody is brought together with anybody whom they are kept apart from, nobody who does not permit it or must not be
found, and nobody helps without what the role lawfully asks. The answer is then the same: not available, and never why.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.credit import credit
from services.members.community.geography import district
from services.members.life.exchange import ending, matching, store
from services.members.life.exchange.domain import read
from services.members.life.exchange.matching import Hours, Terms
from services.members.life.exchange.models import (
    IN_PERSON,
    Listing,
    ListingState,
    Match,
    MatchState,
    SettledAlready,
    Side,
)
from services.members.life.exchange.schemas import Done, FallingThrough, NewMatch, Settlement, Thanks
from services.members.life.exchange.store import ChosenMatches
from services.members.life.time_credits import domain as time_bank
from services.members.life.time_credits.schemas import NewTransfer
from services.members.life.whose import Whose
from services.members.trust.permissions.domain import permitted
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes.standard import EXCHANGE
from services.members.trust.safeguarding import guard
from services.members.trust.safeguarding.checks.models import Act
from services.members.trust.safeguarding.guard import NotAvailable
from services.members.trust.safeguarding.protected.store import is_protected
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.exchange import AskDone, AskMatched, AskThanked
from shared.ids import new_id

HELPED = "helped_out"
"""The kind of activity that an offer which was kept counts as on the ladder."""


class Suggestion(NamedTuple):
    """What fits, and why."""

    listing: Listing
    reasons: Sequence[str]


def suggest(session: Session, movement: str, side: Side, id: str, most: int) -> list[Suggestion]:
    """What fits an ask or an offer, the best first. Raises NotFound, NotOpen."""
    mine, today = read(session, movement, side, id), days.today(session, movement)
    mine.refuse_unless_open(today)
    if not _permits(session, movement, mine):
        return []
    found = store.candidates(session, movement, mine, today)
    terms = _terms(session, movement, [mine, *found])
    fits = [(each, fit) for each in found if (fit := matching.fit(terms[mine.id], terms[each.id])) is not None]
    suggested: list[Suggestion] = []
    for each, fit in sorted(fits, key=lambda pair: pair[1].order):
        if len(suggested) < most and _may_meet(session, movement, mine, each):
            suggested.append(Suggestion(each, fit.reasons))
    return suggested


def make(session: Session, movement: str, said: NewMatch) -> Match:
    """Bring an ask and an offer together. Raises Invalid, NotOpen, NotAvailable."""
    ask, offer = _open_pair(session, movement, said)
    permit = all(_permits(session, movement, listing) for listing in (ask, offer))
    if not permit or not _may_meet(session, movement, ask, offer):
        raise NotAvailable
    terms, at = _terms(session, movement, [ask, offer]), clock.now()
    fit = matching.fit(terms[ask.id], terms[offer.id])
    for listing in (ask, offer):
        listing.step(ListingState.MATCHED, at)
    match = Match(
        movement=movement,
        id=new_id("match"),
        version=1,
        ask=ask.id,
        offer=offer.id,
        reasons=[] if fit is None else list(fit.reasons),
        state=MatchState.MADE,
        note=said.note,
        made_at=at,
        updated_at=at,
    )
    store.add(session, match)
    outbox.record(session, AskMatched(ask=ask.id, match=match.id, offer=offer.id))
    return match


def fall_through(session: Session, movement: str, id: str, said: FallingThrough) -> Match:
    """Note that a match comes to nothing; ask and offer are open again. Raises NotFound, IllegalTransition."""
    match = _held(session, movement, id)
    ending.fall_through(session, movement, match, said.note)
    return match


def finish(session: Session, movement: str, id: str, said: Done) -> Match:
    """Note that it was done. Raises NotFound, IllegalTransition, Invalid."""
    match, today, at = _held(session, movement, id), days.today(session, movement), clock.now()
    if said.on is not None and said.on > today:
        raise Invalid(faults=[Fault("/on", "is still to come", "in_the_future")])
    match.step(MatchState.DONE, at)
    match.done_on = said.on or today
    rows = _both(session, movement, match)
    for listing in rows:
        listing.step(ListingState.DONE, at)
    helper = rows[1].person
    if helper is not None:
        credit(session, movement, helper, HELPED)
    outbox.record(session, AskDone(ask=match.ask, match=id, offer=match.offer))
    return match


def thank(session: Session, movement: str, id: str, said: Thanks) -> Match:
    """Note that whoever asked said thank you. Raises NotFound, IllegalTransition."""
    match, at = _held(session, movement, id), clock.now()
    match.step(MatchState.THANKED, at)
    match.thanks = said.words
    for listing in _both(session, movement, match):
        listing.step(ListingState.THANKED, at)
    outbox.record(session, AskThanked(ask=match.ask, match=id, offer=match.offer))
    return match


def settle(session: Session, movement: str, id: str, said: Settlement) -> Match:
    """Settle the hours of what was done in the time bank: from whoever asked to whoever helped.

    The help counts on the ladder already, so the transfer does not count once more. Raises NotFound, SettledAlready,
    IllegalTransition, Invalid and BelowLimit.
    """
    match = _held(session, movement, id)
    match.refuse_unless_done()
    if match.transfer is not None and time_bank.stands(session, movement, match.transfer):
        raise SettledAlready(transfer=match.transfer)
    ask, offer = _both(session, movement, match)
    if ask.owner == offer.owner:  # two records that turned out to be of one
        raise Invalid(faults=[Fault("", "cannot give time to itself", "same_side")])
    helper = Whose(person=offer.person, organisation=offer.organisation)
    helped = Whose(person=ask.person, organisation=ask.organisation)
    transfer = NewTransfer(helper=helper, helped=helped, minutes=said.minutes, what=said.what, on=match.done_on)
    match.transfer = time_bank.transfer(session, movement, transfer, counts=False).id
    match.changed(clock.now())
    return match


def read_match(session: Session, movement: str, id: str) -> Match:
    """One match. Raises NotFound."""
    return _found(store.find_match(session, movement, id))


def list_matches(
    session: Session, movement: str, *, chosen: ChosenMatches, after: After, limit: int
) -> Sequence[Match]:
    """Matches in the order in which they were made."""
    return store.list_matches(session, movement, chosen=chosen, after=after, limit=limit)


def _open_pair(session: Session, movement: str, said: NewMatch) -> tuple[Listing, Listing]:
    """The ask and the offer, locked, open and by two. Raises Invalid, NotOpen."""
    rows = store.for_change(session, movement, {said.ask, said.offer})
    named = {"/ask": (said.ask, Side.ASK), "/offer": (said.offer, Side.OFFER)}
    if faults := [
        Fault(pointer, f"is no {side} of this movement", f"unknown_{side}")
        for pointer, (listing, side) in named.items()
        if listing not in rows
    ]:
        raise Invalid(faults=faults)
    ask, offer, today = rows[said.ask], rows[said.offer], days.today(session, movement)
    for listing in (ask, offer):
        listing.refuse_unless_open(today)
    if ask.owner == offer.owner:
        raise Invalid(faults=[Fault("/offer", "is by whoever asks", "same_side")])
    return ask, offer


def _terms(session: Session, movement: str, listings: Sequence[Listing]) -> dict[str, Terms]:
    """What each says of itself, by id; where it names no place, that of whose it is counts."""
    unplaced = {each.person for each in listings if each.person and each.area is None and each.postcode is None}
    homes = store.postcodes(session, movement, unplaced) if unplaced else {}
    found: dict[str, Terms] = {}
    for each in listings:
        postcode = each.postcode or homes.get(each.person or "")
        times = [Hours(t["day"], matching.minutes_of(t["starts"]), matching.minutes_of(t["ends"])) for t in each.times]
        place = None if postcode is None else district(postcode)
        found[each.id] = Terms(each.id, each.kind, frozenset(each.interests), times, each.area, place)
    return found


def _permits(session: Session, movement: str, listing: Listing) -> bool:
    """Whether whoever it is of may be brought together with others; an organisation may."""
    person = listing.person
    return person is None or permitted(session, movement, person, EXCHANGE, Channel.IN_PERSON, clock.now())


def _may_meet(session: Session, movement: str, mine: Listing, theirs: Listing) -> bool:
    """Whether nobody whom the two bring together has to be kept from the other, hidden, or checked first."""
    ask, offer = (mine, theirs) if mine.side == Side.ASK else (theirs, mine)
    today = days.today(session, movement)
    if ask.person is not None and is_protected(session, movement, ask.person):
        return False
    asking = store.people_behind(session, movement, ask, today)
    if offer.person is None:
        helping = store.people_behind(session, movement, offer, today)
        return ask.person is None or guard.may_join(session, movement, ask.person, helping)
    if offer.kind in IN_PERSON:
        return guard.may_be(session, movement, offer.person, Act.VOLUNTEER, asking)
    hidden = is_protected(session, movement, offer.person)
    return not hidden and guard.may_join(session, movement, offer.person, asking)


def _both(session: Session, movement: str, match: Match) -> tuple[Listing, Listing]:
    """The ask and the offer of a match, locked."""
    rows = store.for_change(session, movement, {match.ask, match.offer})
    return rows[match.ask], rows[match.offer]


def _held(session: Session, movement: str, id: str) -> Match:
    """A match, locked; its ask and its offer before it, as by whoever withdraws one of them."""
    _both(session, movement, _found(store.find_match(session, movement, id)))
    return _found(store.find_match(session, movement, id, locked=True))


def _found(match: Match | None) -> Match:
    if match is None:
        raise NotFound
    return match
