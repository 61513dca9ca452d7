"""The route by which the gateway asks for people whom it is about to tell a CRM of."""

from services.members.directory.handing_on import domain
from services.members.directory.handing_on.schemas import AskedToHandOn, HandedOn
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
