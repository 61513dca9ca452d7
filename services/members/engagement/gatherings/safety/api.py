"""Routes of safety and of pictures. Incidents stand apart, under a scope of their own."""

from collections.abc import Sequence

from fastapi import Response

from services.members.engagement.gatherings.fields import GatheringId
from services.members.engagement.gatherings.safety import domain
from services.members.engagement.gatherings.safety.models import PicturePermission as PictureRow
from services.members.engagement.gatherings.safety.schemas import (
    EmergencyContact,
    Incident,
    IncidentId,
    NewEmergencyContact,
    NewFollowUp,
    NewIncident,
    NewPicturePermission,
    PicturePermission,
    PicturePermissions,
    SafetyChanges,
    SafetyPlan,
)
from services.members.trust.purposes.standard import ADMINISTRATION, SAFETY
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Gatherings"])


@router.get("/gatherings/{gathering}/safety", response_model=SafetyPlan, **needs("safety:read", shows=SAFETY))
async def read_safety_plan(gathering: GatheringId, call: Call, response: Response) -> SafetyPlan:
    """Who leads a gathering, who steps in, and one page about what could go wrong."""
    found = await call.read(domain.plan, gathering)
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/gatherings/{gathering}/safety", response_model=SafetyPlan, **needs("safety:write"))
async def change_safety_plan(gathering: GatheringId, body: SafetyChanges, call: Call, expected: Expected) -> Response:
    """Say who leads and who steps in, and what could go wrong, in proportion: a page at most."""
    return tagged(await call.write(domain.change_plan, gathering, body, expected, answer=SafetyPlan.of))


@router.post(
    "/gatherings/{gathering}/emergency-contacts",
    status_code=201,
    response_model=EmergencyContact,
    **needs("safety:write"),
)
async def add_emergency_contact(gathering: GatheringId, body: NewEmergencyContact, call: Call) -> Response:
    """Keep whom to call for somebody who comes to a slot: sealed, and deleted once it is over
    (`BACKBONE_EMERGENCY_CONTACT_HOURS`)."""
    return await call.write(domain.add_contact, gathering, body, call.parts.secrets, answer=lambda contact: contact)


@router.get(
    "/gatherings/{gathering}/emergency-contacts",
    response_model=Page[EmergencyContact],
    **needs("safety:read", shows=SAFETY),
)
async def list_emergency_contacts(gathering: GatheringId, call: Call) -> Page[EmergencyContact]:
    """Whom to call for those who come to a gathering."""
    return Page(data=await call.read(domain.contacts, gathering, call.parts.secrets))


@router.post("/incidents", status_code=201, response_model=Incident, **needs("incidents:write"))
async def report_incident(body: NewIncident, call: Call) -> Response:
    """Report what went wrong at a gathering, or nearly did. It is kept sealed, and told to nobody by events."""
    return tagged(await call.write(domain.report, body, call.parts.secrets, answer=lambda incident: incident))


@router.get("/incidents", response_model=Page[Incident], **needs("incidents:read"))
async def list_incidents(
    call: Call, paging: Paging, gathering: GatheringId | None = None, open: bool = False
) -> Page[Incident]:
    """Incidents and near misses in the order in which they were reported; `open=true`: those that are not closed."""
    rows = await call.read(
        domain.incidents,
        call.parts.secrets,
        gathering=gathering,
        open_only=open,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, lambda row: row, lambda row: (row.id,))


@router.get("/incidents/{incident}", response_model=Incident, **needs("incidents:read"))
async def read_incident(incident: IncidentId, call: Call, response: Response) -> Incident:
    """One incident, and what was done about it."""
    found = await call.read(domain.incident, incident, call.parts.secrets)
    response.headers["etag"] = tag_of(found.version)
    return found


@router.post("/incidents/{incident}/follow-ups", status_code=201, response_model=Incident, **needs("incidents:write"))
async def follow_up_incident(incident: IncidentId, body: NewFollowUp, call: Call) -> Response:
    """Add what was done about an incident. 409 `incident_closed` once it is closed."""
    return tagged(await call.write(domain.follow_up, incident, body, call.parts.secrets, answer=lambda found: found))


@router.post("/incidents/{incident}/close", response_model=Incident, **needs("incidents:write"))
async def close_incident(incident: IncidentId, call: Call, expected: Expected) -> Response:
    """Nothing more is to be done."""
    return tagged(await call.write(domain.close, incident, expected, call.parts.secrets, answer=lambda found: found))


@router.post(
    "/gatherings/{gathering}/picture-permissions",
    status_code=201,
    response_model=PicturePermissions,
    **needs("pictures:write"),
)
async def decide_pictures(gathering: GatheringId, body: NewPicturePermission, call: Call) -> Response:
    """Say whether a person may be pictured at a gathering, use by use. What was said last holds."""
    return await call.write(domain.decide_pictures, gathering, body, answer=_decisions)


@router.get(
    "/gatherings/{gathering}/picture-permissions",
    response_model=PicturePermissions,
    **needs("pictures:read", shows=ADMINISTRATION),
)
async def list_picture_permissions(gathering: GatheringId, call: Call) -> PicturePermissions:
    """Who may be pictured, and for what. Whoever is not listed has not allowed it."""
    return _decisions(await call.read(domain.pictures, gathering))


def _decisions(rows: Sequence[PictureRow]) -> PicturePermissions:
    return PicturePermissions(data=[PicturePermission.of(row) for row in rows])
