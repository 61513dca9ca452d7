"""Routes of controllers."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.community.programmes.schemas import ProgrammeId
from services.members.fields import OrganisationId
from services.members.trust.controllers import domain
from services.members.trust.controllers.funds import known_fund
from services.members.trust.controllers.models import ControlledKind
from services.members.trust.controllers.schemas import (
    Controller,
    ControllerEnd,
    ControllerId,
    FundId,
    NewController,
    RecordKind,
    Unnamed,
)
from services.members.trust.controllers.store import Chosen
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/controllers", tags=["Controllers"])


@router.post("", status_code=201, response_model=Controller, **needs("agreements:write"))
async def name_controller(body: NewController, call: Call) -> Response:
    """Name the organisation that is the controller of a kind of record, a programme or a fund.

    409 `joint_agreement_needed` where another is its controller and the two are no joint controllers by agreement.
    """
    await known_fund(call, body.fund)
    return tagged(await call.write(domain.name, body, answer=Controller.of))


@router.get("", response_model=Page[Controller], **needs("agreements:read"))
async def list_controllers(
    call: Call,
    paging: Paging,
    organisation: OrganisationId | None = None,
    kind: ControlledKind | None = None,
    record_kind: RecordKind | None = None,
    programme: ProgrammeId | None = None,
    fund: FundId | None = None,
    on: Annotated[date | None, Query(description="those that are it on a day")] = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Controller]:
    """Controllers in the order in which they were named, those of the past among them."""
    of = record_kind or programme or fund
    chosen = Chosen(organisation, kind, of, on, updated_since)
    rows = await call.read(domain.list_controllers, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Controller.of, lambda controller: (controller.id,))


@router.get("/unnamed", response_model=Unnamed, **needs("agreements:read"))
async def list_unnamed(call: Call) -> Unnamed:
    """The kinds of record and the programmes that have no controller today."""
    return await call.read(domain.unnamed)


@router.get("/{controller}", response_model=Controller, **needs("agreements:read"))
async def read_controller(controller: ControllerId, call: Call, response: Response) -> Controller:
    """One controller."""
    shown = Controller.of(await call.read_by_key(domain.read, controller))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/{controller}/end", response_model=Controller, **needs("agreements:write"))
async def end_controller(controller: ControllerId, body: ControllerEnd, call: Call, expected: Expected) -> Response:
    """Note the day from which the organisation is its controller no more."""
    return tagged(await call.write(domain.end, controller, body, expected, answer=Controller.of))
