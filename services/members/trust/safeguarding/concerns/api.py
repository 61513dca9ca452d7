"""Routes of concerns: anybody who is signed in raises one; what becomes of it is for safeguarding alone."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.trust.safeguarding import ending
from services.members.trust.safeguarding.concerns import domain
from services.members.trust.safeguarding.concerns.models import ConcernState
from services.members.trust.safeguarding.concerns.schemas import (
    Advice,
    Concern,
    ConcernChanges,
    ConcernId,
    Keeping,
    NewConcern,
    Receipt,
    Referral,
    SafeguardingRetention,
    Step,
)
from services.members.trust.safeguarding.models import RING
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import DUTY

router = Router(prefix="/v1", tags=["Safeguarding"])

_RAISING = needs("concerns:write", user=True, sealed=RING)
_RAISED = needs("concerns:read", user=True, sealed=RING)
_READING = needs("safeguarding:read", user=True, sealed=RING, shows=DUTY)
_WRITING = needs("safeguarding:write", user=True, sealed=RING)


@router.post("/concerns", status_code=201, response_model=Receipt, **_RAISING)
async def raise_concern(body: NewConcern, call: Call) -> Response:
    """Raise a concern about somebody's safety. `words` are enough.

    Whoever is in danger now: call 999 first. It goes to the designated lead alone, who acknowledges it on the same day
    (`BACKBONE_CONCERN_ACKNOWLEDGE_DAYS`); `GET /v1/concerns/raised` shows you when they have.
    """
    by = call.principal.user or ""
    return await call.write(domain.raise_concern, body, by, call.parts.settings, answer=Receipt.of)


@router.get("/concerns/raised", response_model=Page[Receipt], **_RAISED)
async def list_raised_concerns(call: Call, paging: Paging) -> Page[Receipt]:
    """What you raised yourself, and whether it was acknowledged. What was said is not shown again."""
    by = call.principal.user or ""
    rows = await call.read(domain.raised_by, by, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Receipt.of, lambda row: (row.id,))


@router.get("/concerns", response_model=Page[Concern], **_READING)
async def list_concerns(
    call: Call,
    paging: Paging,
    about: PersonId | None = None,
    state: ConcernState | None = None,
    overdue: bool = False,
) -> Page[Concern]:
    """Concerns in the order in which they were raised; `overdue=true`: what should have gone on before today."""
    rows = await call.read(
        domain.list_concerns, about=about, state=state, overdue=overdue, after=paging.after, limit=paging.fetch
    )
    return paging.page(rows, Concern.of, lambda row: (row.id,))


@router.get("/concerns/retention", response_model=SafeguardingRetention, **_READING)
async def read_safeguarding_retention(call: Call) -> SafeguardingRetention:
    """How long what is kept for safeguarding is kept once it is over, and how much of it is due to be deleted.

    It is deleted by itself (`BACKBONE_SAFEGUARDING_KEPT_DAYS`, `BACKBONE_CHECK_KEPT_DAYS`): keep what is still needed.
    """
    return SafeguardingRetention.of(await call.read(ending.due, call.parts.settings))


@router.get("/concerns/{concern}", response_model=Concern, **_READING)
async def get_concern(concern: ConcernId, call: Call, response: Response) -> Concern:
    """One concern, and all that was done about it."""
    row = await call.read(domain.find, concern)
    response.headers["etag"] = tag_of(row.version)
    return Concern.of(row)


@router.patch("/concerns/{concern}", response_model=Concern, **_WRITING)
async def change_concern(concern: ConcernId, body: ConcernChanges, call: Call, expected: Expected) -> Response:
    """Say whom it turned out to be about, or when it is looked at again. What was said is never changed."""
    return tagged(await call.write(domain.change, concern, body, expected, answer=Concern.of))


@router.post("/concerns/{concern}/acknowledge", response_model=Concern, **_WRITING)
async def acknowledge_concern(concern: ConcernId, call: Call) -> Response:
    """Say that it was seen: who raised it sees that. Advice or a referral is due next."""
    by = call.principal.user or ""
    return tagged(await call.write(domain.acknowledge, concern, by, call.parts.settings, answer=Concern.of))


@router.post("/concerns/{concern}/advise", response_model=Concern, **_WRITING)
async def advise_on_concern(concern: ConcernId, body: Advice, call: Call) -> Response:
    """Note what was advised. It stays open until it is closed, and is due to be looked at again."""
    by = call.principal.user or ""
    return tagged(await call.write(domain.advise, concern, body, by, call.parts.settings, answer=Concern.of))


@router.post("/concerns/{concern}/refer", response_model=Concern, **_WRITING)
async def refer_concern(concern: ConcernId, body: Referral, call: Call) -> Response:
    """Note to whom it was referred. That it was sent is done by you: nothing leaves here."""
    by = call.principal.user or ""
    return tagged(await call.write(domain.refer, concern, body, by, call.parts.settings, answer=Concern.of))


@router.post("/concerns/{concern}/close", response_model=Concern, **_WRITING)
async def close_concern(concern: ConcernId, body: Step, call: Call) -> Response:
    """Say how it came out, once it was advised on or referred."""
    return tagged(await call.write(domain.close, concern, body, call.principal.user or "", answer=Concern.of))


@router.post("/concerns/{concern}/keep", response_model=Concern, **_WRITING)
async def keep_concern(concern: ConcernId, body: Keeping, call: Call, expected: Expected) -> Response:
    """Keep a concern until a day although its time may be over, as for an inquiry or a claim."""
    return tagged(await call.write(domain.keep, concern, body.until, expected, answer=Concern.of))


@router.post("/concerns/{concern}/notes", status_code=201, response_model=Concern, **_WRITING)
async def note_on_concern(concern: ConcernId, body: Step, call: Call) -> Response:
    """Add what was done, seen or heard since. 409 `concern_closed` once it is closed."""
    return tagged(await call.write(domain.note, concern, body, call.principal.user or "", answer=Concern.of))
