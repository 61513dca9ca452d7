"""Routes of people who are kept apart: for safeguarding alone."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.trust.safeguarding.keep_apart import domain
from services.members.trust.safeguarding.keep_apart.schemas import ApartId, NewPair, Pair, SharedPlaces, Together
from services.members.trust.safeguarding.models import RING
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import DUTY

router = Router(prefix="/v1", tags=["Safeguarding"])


@router.post("/keep-apart", status_code=201, response_model=Pair, **needs("safeguarding:write", user=True, sealed=RING))
async def keep_apart(body: NewPair, call: Call) -> Response:
    """Keep two people apart: neither is suggested, introduced, booked, taken in or put in charge where the other is.

    Where both are expected already, `other` gives way: their bookings of what is to come are cancelled, their roles in
    circles and at gatherings end. No reason is kept here, and none is told to anybody.
    """
    return await call.write(domain.keep_apart, body, call.principal.user or "", answer=Pair.of)


@router.get("/keep-apart", response_model=Page[Pair], **needs("safeguarding:read", user=True, sealed=RING, shows=DUTY))
async def list_pairs(call: Call, paging: Paging, person: PersonId | None = None) -> Page[Pair]:
    """Who is, and was, kept apart, in the order in which it was recorded."""
    rows = await call.read(domain.list_pairs, person=person, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Pair.of, lambda pair: (pair.id,))


@router.get(
    "/keep-apart/{pair}/together",
    response_model=SharedPlaces,
    **needs("safeguarding:read", user=True, sealed=RING, shows=DUTY),
)
async def list_what_they_share(pair: ApartId, call: Call) -> SharedPlaces:
    """Where the two were together before it was recorded, and what goes on between them still.

    What was to come has ended by itself. What goes on is a case with the other as connector, an introduction that was
    made, a relationship, a tie: end those with whoever runs them.
    """
    rows = await call.read(domain.what_they_share, pair)
    return SharedPlaces(data=[Together.model_validate(row, from_attributes=True) for row in rows])


@router.post("/keep-apart/{pair}/end", response_model=Pair, **needs("safeguarding:write", user=True, sealed=RING))
async def stop_keeping_apart(pair: ApartId, call: Call) -> Response:
    """Keep them apart no longer."""
    return await call.write(domain.end, pair, call.principal.user or "", answer=Pair.of)
