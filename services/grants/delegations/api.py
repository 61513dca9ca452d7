"""Routes of delegations."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.delegations import giving
from services.grants.delegations.schemas import Delegation, DelegationChanges, NewDelegation, Revocation
from services.grants.delegations.store import Chosen
from services.grants.fields import DelegationId, FundId, OrganisationId
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["delegations"])


@router.post("/v1/delegations", status_code=201, response_model=Delegation, **needs("delegations:write"))
async def delegate(body: NewDelegation, call: Call) -> Response:
    """Hand powers over a fund to an organisation: `award` and `administer` are then no longer the giver's.

    With `under` an organisation hands on what it has by another delegation, and no more of it: 422 `more_than_held`.
    403 `not_delegated` where the powers are not the caller's.
    """
    return tagged(await call.write(giving.give, call.principal, body, answer=Delegation.of))


@router.get("/v1/delegations", **needs("delegations:read"))
async def list_delegations(
    call: Call,
    paging: Paging,
    fund_id: Annotated[FundId | None, Query(alias="fund", description="only this fund's")] = None,
    organisation: Annotated[OrganisationId | None, Query(description="only those it gave or was given")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Delegation]:
    """The movement's delegations, those that are over too, oldest first."""
    chosen = Chosen(fund_id, None, updated_since)
    rows = await call.read(giving.list_delegations, chosen, organisation, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Delegation.of, lambda row: (row.delegation.id,))


@router.get("/v1/delegations/{delegation_id}", **needs("delegations:read"))
async def get_delegation(delegation_id: DelegationId, call: Call, response: Response) -> Delegation:
    """One delegation, and what was awarded by it."""
    shown = Delegation.of(await call.read_by_key(giving.get, delegation_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/delegations/{delegation_id}", response_model=Delegation, **needs("delegations:write"))
async def change_delegation(
    delegation_id: DelegationId, body: DelegationChanges, call: Call, expected: Expected
) -> Response:
    """Change how far it reaches, or until when: only who gave it can.

    409 `over_ceiling` where the live awards that were made under it hold more than the new ceiling.
    """
    return tagged(await call.write(giving.change, call.principal, delegation_id, body, expected, answer=Delegation.of))


@router.post("/v1/delegations/{delegation_id}/revoke", response_model=Delegation, **needs("delegations:write"))
async def revoke_delegation(delegation_id: DelegationId, body: Revocation, call: Call) -> Response:
    """Take it back, or hand it back. Nothing more is decided under it; what was offered under it stands."""
    return await call.write(giving.revoke, call.principal, delegation_id, body.reason, answer=Delegation.of)
