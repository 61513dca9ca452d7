"""Routes of whose award it is."""

from fastapi import Response

from services.grants.delegations.holding import held_to, of_award
from services.grants.delegations.models import Power
from services.grants.fields import AwardId
from services.grants.recipients import domain
from services.grants.recipients.schemas import Linking, Recipient
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1/awards/{award_id}/organisation", tags=["awards"])


@router.get("", **needs("awards:read"))
async def get_recipient(award_id: AwardId, call: Call, response: Response) -> Recipient:
    """Whose award it is among the movement's organisations: who answers for it, or goes on in its place, by now."""
    shown = Recipient.of(await call.read(domain.get_recipient, award_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.put("", response_model=Recipient, **needs("awards:write"))
async def link_award(award_id: AwardId, body: Linking, call: Call, expected: Expected) -> Response:
    """Say which of the movement's organisations the group of an award is; a merged id names whoever answers for it.

    422 `unknown_organisation`. Where several go on in the place of one that ended, this says whose the award is.
    """
    step = held_to(call.principal, Power.ADMINISTER, of_award(award_id), domain.link)
    return tagged(await call.write(step, award_id, body.organisation, expected, answer=Recipient.of))
