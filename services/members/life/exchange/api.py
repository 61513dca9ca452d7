"""Routes of asks, offers and their matches."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.members.fields import OrganisationId, PersonId
from services.members.life.exchange import domain, matches
from services.members.life.exchange.models import Kind, ListingState, MatchState, Side
from services.members.life.exchange.schemas import (
    Ask,
    AskId,
    Done,
    FallingThrough,
    FittingAsk,
    FittingAsks,
    FittingOffer,
    FittingOffers,
    ListingChanges,
    MatchId,
    MatchShown,
    NewListing,
    NewMatch,
    Offer,
    OfferId,
    Settlement,
    Thanks,
)
from services.members.life.exchange.store import Chosen, ChosenMatches
from services.members.trust.purposes.standard import EXCHANGE
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1", tags=["Asks and offers"])

Most = Annotated[int, Query(ge=1, le=20, description="how many at most")]


@router.post("/asks", status_code=201, response_model=Ask, **needs("exchange:write"))
async def make_ask(body: NewListing, call: Call) -> Response:
    """Note what a person or an organisation asks for. 409 `not_for_children` for whoever is under 16."""
    return tagged(await call.write(domain.make, Side.ASK, body, answer=Ask.of))


@router.get("/asks", response_model=Page[Ask], **needs("exchange:read", shows=EXCHANGE))
async def list_asks(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    kind: Kind | None = None,
    state: ListingState | None = None,
    on: Annotated[date | None, Query(description="those of use on a day")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Ask]:
    """Asks in the order in which they were made. No employer sees those of its own staff."""
    chosen = Chosen(person, organisation, kind, state, on, updated_since)
    rows = await call.read(domain.list_listings, Side.ASK, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Ask.of, lambda listing: (listing.id,))


@router.post("/asks/matches", status_code=201, response_model=MatchShown, **needs("exchange:write"))
async def make_match(body: NewMatch, call: Call) -> Response:
    """Bring an ask and an offer together; `reasons` say what speaks for it.

    409 `not_open` where either was matched, withdrawn or is past; 409 `not_available` where the two are not brought
    together; why is not said.
    """
    return tagged(await call.write(matches.make, body, answer=MatchShown.of))


@router.get("/asks/matches", response_model=Page[MatchShown], **needs("exchange:read"))
async def list_matches(
    call: Call,
    paging: Paging,
    ask: AskId | None = None,
    offer: OfferId | None = None,
    state: MatchState | None = None,
    updated_since: UpdatedSince = None,
) -> Page[MatchShown]:
    """Matches in the order in which they were made, those that fell through too."""
    chosen = ChosenMatches(ask, offer, state, updated_since)
    rows = await call.read(matches.list_matches, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, MatchShown.of, lambda match: (match.id,))


@router.get("/asks/matches/{match}", response_model=MatchShown, **needs("exchange:read"))
async def read_match(match: MatchId, call: Call, response: Response) -> MatchShown:
    """One match."""
    shown = MatchShown.of(await call.read(matches.read_match, match))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/asks/matches/{match}/fall-through", response_model=MatchShown, **needs("exchange:write"))
async def end_match(match: MatchId, body: FallingThrough, call: Call) -> Response:
    """Note that it comes to nothing: the ask and the offer are open again."""
    return tagged(await call.write(matches.fall_through, match, body, answer=MatchShown.of))


@router.post("/asks/matches/{match}/done", response_model=MatchShown, **needs("exchange:write"))
async def finish_match(match: MatchId, body: Done, call: Call) -> Response:
    """Note that it was done. It counts on the helper's ladder as `helped_out`."""
    return tagged(await call.write(matches.finish, match, body, answer=MatchShown.of))


@router.post("/asks/matches/{match}/thank", response_model=MatchShown, **needs("exchange:write"))
async def thank_for_match(match: MatchId, body: Thanks, call: Call) -> Response:
    """Note that whoever asked said thank you."""
    return tagged(await call.write(matches.thank, match, body, answer=MatchShown.of))


@router.post("/asks/matches/{match}/settle", response_model=MatchShown, **needs("exchange:write"))
async def settle_match(match: MatchId, body: Settlement, call: Call) -> Response:
    """Settle the hours of what was done in the time bank.

    409 `settled_already` while an earlier transfer stands; 409 `below_limit` where the bank does not lend so much.
    """
    return tagged(await call.write(matches.settle, match, body, answer=MatchShown.of))


@router.get("/asks/{ask}", response_model=Ask, **needs("exchange:read", shows=EXCHANGE))
async def read_ask(ask: AskId, call: Call, response: Response) -> Ask:
    """One ask."""
    shown = Ask.of(await call.read(domain.read, Side.ASK, ask))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/asks/{ask}", response_model=Ask, **needs("exchange:write"))
async def change_ask(ask: AskId, body: ListingChanges, call: Call, expected: Expected) -> Response:
    """Change what is still open (409 `not_open`)."""
    return tagged(await call.write(domain.change, Side.ASK, ask, body, expected, answer=Ask.of))


@router.post("/asks/{ask}/withdraw", response_model=Ask, **needs("exchange:write"))
async def withdraw_ask(ask: AskId, call: Call, expected: Expected) -> Response:
    """Take an ask back, at the version that was read: 412 where an offer met it meanwhile.

    Sent again with the new version, the match falls through and the offer is open again.
    """
    return tagged(await call.write(domain.withdraw, Side.ASK, ask, expected, answer=Ask.of))


@router.get("/asks/{ask}/suggestions", response_model=FittingOffers, **needs("exchange:read", shows=EXCHANGE))
async def suggest_offers(ask: AskId, call: Call, most: Most = 5) -> FittingOffers:
    """The open offers that fit, the best first, each with the reasons in words.

    What they share comes first, then how long both have time, then whether it is near. Who is not to meet is left out.
    """
    found = await call.read(matches.suggest, Side.ASK, ask, most)
    return FittingOffers(data=[FittingOffer.of(*each) for each in found])


@router.post("/offers", status_code=201, response_model=Offer, **needs("exchange:write"))
async def make_offer(body: NewListing, call: Call) -> Response:
    """Note what a person or an organisation offers. 409 `not_for_children` for whoever is under 16."""
    return tagged(await call.write(domain.make, Side.OFFER, body, answer=Offer.of))


@router.get("/offers", response_model=Page[Offer], **needs("exchange:read", shows=EXCHANGE))
async def list_offers(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    kind: Kind | None = None,
    state: ListingState | None = None,
    on: Annotated[date | None, Query(description="those of use on a day")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Offer]:
    """Offers in the order in which they were made."""
    chosen = Chosen(person, organisation, kind, state, on, updated_since)
    rows = await call.read(domain.list_listings, Side.OFFER, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Offer.of, lambda listing: (listing.id,))


@router.get("/offers/{offer}", response_model=Offer, **needs("exchange:read", shows=EXCHANGE))
async def read_offer(offer: OfferId, call: Call, response: Response) -> Offer:
    """One offer."""
    shown = Offer.of(await call.read(domain.read, Side.OFFER, offer))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/offers/{offer}", response_model=Offer, **needs("exchange:write"))
async def change_offer(offer: OfferId, body: ListingChanges, call: Call, expected: Expected) -> Response:
    """Change what is still open (409 `not_open`)."""
    return tagged(await call.write(domain.change, Side.OFFER, offer, body, expected, answer=Offer.of))


@router.post("/offers/{offer}/withdraw", response_model=Offer, **needs("exchange:write"))
async def withdraw_offer(offer: OfferId, call: Call, expected: Expected) -> Response:
    """Take an offer back, at the version that was read: 412 where it was matched meanwhile.

    Sent again with the new version, the match falls through and the ask is open again.
    """
    return tagged(await call.write(domain.withdraw, Side.OFFER, offer, expected, answer=Offer.of))


@router.get("/offers/{offer}/suggestions", response_model=FittingAsks, **needs("exchange:read", shows=EXCHANGE))
async def suggest_asks(offer: OfferId, call: Call, most: Most = 5) -> FittingAsks:
    """The open asks that the offer fits, the best first, each with the reasons in words."""
    found = await call.read(matches.suggest, Side.OFFER, offer, most)
    return FittingAsks(data=[FittingAsk.of(*each) for each in found])
