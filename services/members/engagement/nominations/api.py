"""Routes of nominations."""

from datetime import timedelta

from fastapi import Response
from pydantic import AwareDatetime

from services.members.engagement.nominations import domain
from services.members.engagement.nominations.models import NominationState
from services.members.engagement.nominations.schemas import Affirmed, NewNomination, Nomination, NominationId
from services.members.engagement.nominations.store import Chosen
from services.members.fields import PersonId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["Nominations"])


@router.post("/nominations", status_code=201, response_model=Nomination, **needs("nominations:write"))
async def nominate(body: NewNomination, call: Call) -> Response:
    """Affirm somebody else as a champion. It holds for a year, unless the setting says otherwise.

    422 `own_nomination` for one's own; 409 `already_given` while the giver's last one stands; 409 `not_nominated` for
    children, residents, connectors' clients and whoever wants no place on the ladder.
    """
    holds = timedelta(days=call.parts.settings.affirmation_days)
    return tagged(await call.write(domain.give, body, holds, answer=Nomination.of))


@router.get("/nominations", response_model=Page[Nomination], **needs("nominations:read", shows=ADMINISTRATION))
async def list_nominations(
    call: Call,
    paging: Paging,
    nominee: PersonId | None = None,
    giver: PersonId | None = None,
    state: NominationState | None = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Nomination]:
    """Nominations in the order in which they were given."""
    chosen = Chosen(nominee, giver, state, updated_since)
    rows = await call.read(domain.list_nominations, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Nomination.of, lambda nomination: (nomination.id,))


@router.get("/nominations/{nomination}", response_model=Nomination, **needs("nominations:read", shows=ADMINISTRATION))
async def read_nomination(nomination: NominationId, call: Call, response: Response) -> Nomination:
    """One nomination."""
    shown = Nomination.of(await call.read_by_key(domain.read, nomination))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/nominations/{nomination}/accept", response_model=Nomination, **needs("nominations:write"))
async def accept_nomination(nomination: NominationId, call: Call) -> Response:
    """Note that the nominee is glad of it. They become no champion by it: somebody confirms that, on all there is."""
    return tagged(await call.write(domain.accept, nomination, answer=Nomination.of))


@router.post("/nominations/{nomination}/decline", response_model=Nomination, **needs("nominations:write"))
async def decline_nomination(nomination: NominationId, call: Call) -> Response:
    """Note that the nominee would rather not, also after they accepted."""
    return tagged(await call.write(domain.decline, nomination, answer=Nomination.of))


@router.post("/nominations/{nomination}/withdraw", response_model=Nomination, **needs("nominations:write"))
async def withdraw_nomination(nomination: NominationId, call: Call) -> Response:
    """Note that the giver takes it back."""
    return tagged(await call.write(domain.withdraw, nomination, answer=Nomination.of))


@router.get("/people/{person}/nominations", response_model=Affirmed, **needs("nominations:read", shows=OWN_RECORD))
async def read_affirmations(person: PersonId, call: Call) -> Affirmed:
    """What others affirm of a person today: how many people do, and each nomination that stands."""
    return Affirmed.of(*await call.read(domain.affirmations, person))
