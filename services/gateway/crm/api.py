"""Routes of CRM connections and of the log of what was told."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.gateway.access.callers import last_seen, organisation_for
from services.gateway.crm import backfill, domain, removal
from services.gateway.crm.schemas import Call as CallMade
from services.gateway.crm.schemas import Connection, ConnectionChanges, ConnectionId, Left, NewConnection, Waiting
from services.gateway.crm.teller import Teller
from shared.calls import Call
from shared.dialler import NotAllowed
from shared.editing import Expected, tag_of, tagged
from shared.errors import Fault, Invalid
from shared.jobs.domain import id_for
from shared.jobs.schemas import Job
from shared.needs import needs
from shared.pages import InvalidCursor, Page, Paging, Position
from shared.routing import Router

router = Router(tags=["CRM"])

_READ, _WRITE = needs("crm_connections:read"), needs("crm_connections:write")
_CONNECTIONS = "/v1/crm-connections"
_CONNECTION = _CONNECTIONS + "/{connection}"


async def _teller(request: Request) -> Teller:
    teller: Teller = request.app.state.teller
    return teller


TellerOf = Annotated[Teller, Depends(_teller)]
"""The teller of this application."""


@router.post(_CONNECTIONS, status_code=201, response_model=Connection, **_WRITE)
async def connect_crm(body: NewConnection, call: Call, teller: TellerOf) -> Response:
    """Connect a CRM: whoever permits `sharing` for the purpose is kept there from their next change on, organisations
    too.

    403 `agreement_missing`, `agreement_expired` or `agreement_not_begun` where no agreement of the organisation covers
    it: it is disabled when that ends. The credentials are sealed and never shown.
    """
    await _refuse_address(teller, body.url)
    organisation = organisation_for(call.principal, body.organisation) or body.organisation
    return tagged(await call.write(domain.create, body, organisation, call.parts.secrets, answer=Connection.of))


@router.get(_CONNECTIONS, response_model=Page[Connection], **_READ)
async def list_crm_connections(call: Call, paging: Paging) -> Page[Connection]:
    """The movement's connections, the oldest first."""
    rows = await call.read(domain.page, last_seen(paging), paging.fetch)
    return paging.page(rows, Connection.of, lambda row: (row.connection.id,))


@router.get(_CONNECTION, response_model=Connection, **_READ)
async def read_crm_connection(connection: ConnectionId, call: Call, response: Response) -> Connection:
    """One connection, and how far it is: how many it has, is still to be told of, to forget, and refused."""
    found = Connection.of(await call.read(domain.read, connection))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch(_CONNECTION, response_model=Connection, **_WRITE)
async def change_crm_connection(
    connection: ConnectionId, body: ConnectionChanges, call: Call, teller: TellerOf, expected: Expected
) -> Response:
    """Edit, pause or enable a connection. What changed while it was paused is told once it is enabled."""
    if body.url is not None:
        await _refuse_address(teller, body.url)
    return tagged(
        await call.write(
            domain.change, connection, body, expected, call.parts.secrets, teller.wake, answer=Connection.of
        )
    )


@router.delete(_CONNECTION, response_model=Left, **_WRITE)
async def end_crm_connection(
    connection: ConnectionId, call: Call, expected: Expected, leave_erased: Annotated[bool, Query()] = False
) -> Response:
    """End a connection at once: its credentials are forgotten, nothing more is told, and what the CRM has stays there.

    The answer counts that; `…/removal` takes it out before. 409 `erasures_wait` where the CRM has not deleted yet who
    is erased: `leave_erased=true` ends it all the same, and a `gateway_receipt.crm_kept` says so of each erasure.
    """
    return await call.write(domain.end, connection, expected, leave_erased=leave_erased, answer=Left.of)


@router.post(_CONNECTION + "/removal", status_code=202, response_model=Job, **_WRITE)
async def remove_from_crm(connection: ConnectionId, call: Call) -> Response:
    """End a connection once nothing of ours is in the CRM: what was made there for us is deleted, and our id is taken
    out of what was there before us. A job: `/v1/jobs/{id}`.

    It is over once all is noted; the connection is `leaving` then, says how much is left (`to_forget`), and ends by
    itself. Nothing more is told. It can be ended at once at any time.
    """
    return await call.write(removal.ask, connection, id_for("gateway"), answer=Job.of)


@router.post(_CONNECTION + "/retry", status_code=202, response_model=Connection, **_WRITE)
async def retry_crm_connection(connection: ConnectionId, call: Call, teller: TellerOf) -> Response:
    """Tell the CRM once more of all that it refused."""
    return await call.write(domain.retry, connection, teller.wake, answer=Connection.of)


@router.get(_CONNECTION + "/calls", response_model=Page[CallMade], **_READ)
async def list_crm_calls(connection: ConnectionId, call: Call, paging: Paging) -> Page[CallMade]:
    """How telling went, the newest first: who it was about, the status, how long it took and the vendor's code."""
    rows = await call.read(domain.calls, connection, _number(paging.after), paging.fetch)
    return paging.page(rows, CallMade.of, lambda row: (row.id,))


@router.get(_CONNECTION + "/waiting", response_model=Page[Waiting], **_READ)
async def list_crm_waiting(connection: ConnectionId, call: Call, paging: Paging) -> Page[Waiting]:
    """Of whom the CRM is still to be told, and why it could not be so far, in the order of their ids."""
    rows = await call.read(domain.waiting, connection, last_seen(paging), paging.fetch)
    return paging.page(rows, Waiting.of, lambda row: (row.subject,))


@router.post(_CONNECTION + "/backfill", status_code=202, response_model=Job, **_WRITE)
async def fill_crm(connection: ConnectionId, call: Call) -> Response:
    """Have the CRM told of all who were there before it was connected, at its own pace. A job: `/v1/jobs/{id}`.

    It is over once all are noted; the connection says how many of them are still `waiting` to be told.
    """
    return await call.write(backfill.ask, connection, id_for("gateway"), answer=Job.of)


async def _refuse_address(teller: Teller, url: str) -> None:
    try:
        await teller.dialler.check(url)
    except NotAllowed as refused:
        raise Invalid(faults=[Fault("/url", str(refused), "url_refused")]) from None


def _number(position: Position | None) -> int | None:
    if position is None:
        return None
    match position:
        case (int(last),):
            return last
    raise InvalidCursor
