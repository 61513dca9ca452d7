"""The routes by which the gateway asks for people and organisations of whom it is about to tell a CRM."""

from services.members.directory.handing_on import domain
from services.members.directory.handing_on.schemas import (
    AskedForOrganisations,
    AskedToHandOn,
    HandedOn,
    HandedOrganisations,
)
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router
from shared.uses import OWN_RECORD

internal = Router(prefix="/internal/handed-on", tags=["People"])


@internal.post("", response_model=HandedOn, **needs("people:read", shows=OWN_RECORD))
async def hand_people_on(body: AskedToHandOn, call: Call) -> HandedOn:
    """People as a CRM may have them. Whoever does not permit `sharing` for the purpose is withheld, whoever they are.

    An agreement of the organisation that the call is made for has to cover contact data for the purpose: 403.
    """
    return HandedOn.of(await call.read(domain.hand_on, body))


@internal.post("/organisations", response_model=HandedOrganisations, **needs("organisations:read"))
async def hand_organisations_on(body: AskedForOrganisations, call: Call) -> HandedOrganisations:
    """Organisations as a CRM may have them, those that are no more too.

    An agreement of the organisation that the call is made for has to cover contact data for the purpose: 403.
    """
    return HandedOrganisations.of(await call.read(domain.hand_organisations_on, body))
