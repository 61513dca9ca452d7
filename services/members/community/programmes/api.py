"""Routes of programmes."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members import days
from services.members.community.programmes import domain
from services.members.community.programmes.models import AlignedTo, Condition, Function, Role
from services.members.community.programmes.schemas import (
    Ending,
    NewPartner,
    NewProgramme,
    NewRole,
    PartnerId,
    PartOn,
    ProgrammeChanges,
    ProgrammeId,
    ProgrammeShown,
    RolePeriodId,
    Story,
)
from services.members.community.programmes.store import Chosen
from services.members.fields import OrganisationId, Reference
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/programmes", tags=["Programmes"])

On = Annotated[date | None, Query(description="a day; today, where the movement is, unless one is named")]


@router.post("", status_code=201, response_model=ProgrammeShown, **needs("programmes:write"))
async def enter_programme(body: NewProgramme, call: Call) -> Response:
    """Enter a programme: who leads it, its aims, and the functions, conditions and outcomes that it is aligned to."""
    return tagged(await call.write(domain.enter, body, answer=ProgrammeShown.of))


@router.get("", response_model=Page[ProgrammeShown], **needs("programmes:read"))
async def list_programmes(
    call: Call,
    paging: Paging,
    lead: OrganisationId | None = None,
    partner: OrganisationId | None = None,
    role: Role | None = None,
    function: Function | None = None,
    condition: Condition | None = None,
    outcome: Reference | None = None,
    on: On = None,
    updated_since: AwareDatetime | None = None,
) -> Page[ProgrammeShown]:
    """Programmes in the order in which they were entered. `role` and `partner` are asked of the day `on`."""
    chosen = Chosen(
        on=await _day(call, on),
        lead=lead,
        partner=partner,
        role=role,
        aligned_to=((AlignedTo.FUNCTION, function), (AlignedTo.CONDITION, condition), (AlignedTo.OUTCOME, outcome)),
        updated_since=updated_since,
    )
    rows = await call.read(domain.list_programmes, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, ProgrammeShown.of, lambda programme: (programme.id,))


@router.get("/{programme}", response_model=ProgrammeShown, **needs("programmes:read"))
async def read_programme(programme: ProgrammeId, call: Call, response: Response) -> ProgrammeShown:
    """One programme, with every role that the backbone ever had in it."""
    shown = ProgrammeShown.of(await call.read(domain.read, programme))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{programme}", response_model=ProgrammeShown, **needs("programmes:write"))
async def change_programme(programme: ProgrammeId, body: ProgrammeChanges, call: Call, expected: Expected) -> Response:
    """Change what is sent."""
    return tagged(await call.write(domain.change, programme, body, expected, answer=ProgrammeShown.of))


@router.get("/{programme}/part", response_model=PartOn, **needs("programmes:read"))
async def read_part(programme: ProgrammeId, call: Call, on: On = None) -> PartOn:
    """The backbone's part in a programme on a day, as it is recorded now, and who else took part."""
    return PartOn.of(await call.read(domain.read, programme), await _day(call, on))


@router.get("/{programme}/story", response_model=Story, **needs("programmes:read"))
async def read_story(programme: ProgrammeId, call: Call) -> Story:
    """How the backbone's part in a programme changed, in words: what it did, what it left to others, what it does."""
    today: date = await call.read_by_key(days.today)
    return Story.of(await call.read(domain.read, programme), today)


@router.post("/{programme}/roles", status_code=201, response_model=ProgrammeShown, **needs("programmes:write"))
async def begin_role(programme: ProgrammeId, body: NewRole, call: Call) -> Response:
    """Note that the backbone comes to a role in a programme, or had it once. It may have several at a time.

    409 `role_overlaps` where it has the same role on one of these days already.
    """
    return tagged(await call.write(domain.begin_role, programme, body, answer=ProgrammeShown.of))


@router.post("/{programme}/roles/{role}/end", response_model=ProgrammeShown, **needs("programmes:write"))
async def end_role(programme: ProgrammeId, role: RolePeriodId, body: Ending, call: Call) -> Response:
    """Note that the backbone leaves a role, and why: that is the story."""
    return tagged(await call.write(domain.end_role, programme, role, body, answer=ProgrammeShown.of))


@router.delete("/{programme}/roles/{role}", response_model=ProgrammeShown, **needs("programmes:write"))
async def strike_role(programme: ProgrammeId, role: RolePeriodId, call: Call) -> Response:
    """Take out a role that was noted by mistake, as if it had never been."""
    return tagged(await call.write(domain.strike_role, programme, role, answer=ProgrammeShown.of))


@router.post("/{programme}/partners", status_code=201, response_model=ProgrammeShown, **needs("programmes:write"))
async def add_partner(programme: ProgrammeId, body: NewPartner, call: Call) -> Response:
    """Note that an organisation takes part in a programme, and its part."""
    return tagged(await call.write(domain.add_partner, programme, body, answer=ProgrammeShown.of))


@router.post("/{programme}/partners/{partner}/end", response_model=ProgrammeShown, **needs("programmes:write"))
async def end_partner(programme: ProgrammeId, partner: PartnerId, body: Ending, call: Call) -> Response:
    """Note that an organisation no longer takes part."""
    return tagged(await call.write(domain.end_partner, programme, partner, body, answer=ProgrammeShown.of))


async def _day(call: CallOf, named: date | None) -> date:
    """The day that was named, or today where the movement is."""
    today: date = await call.read_by_key(days.today)
    return named or today
