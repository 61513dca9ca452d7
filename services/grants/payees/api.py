"""Routes of payees. Whatever touches bank details takes a person: a key gets 403 `needs_a_user`."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.acting import acting
from services.grants.fields import AwardId
from services.grants.payees import domain, store
from services.grants.payees.entering import Entering, table_of
from services.grants.payees.schemas import BankDetails, CalledBack, NewPayee, Payee, PayeeChanges, PayeeId
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["payees"])


@router.post("/v1/payees", status_code=201, response_model=Payee, **needs("payees:write", user=True))
async def name_payee(body: NewPayee, call: Call) -> Response:
    """Say who is paid for an award: the group, or the host that holds money for it. 409 `payee_exists` where one is.

    Bank details are kept sealed and never answered. Where the platform has the banks' modulus table, a sort code and
    account number that cannot belong together are refused (422 `fails_modulus_check`); without it the check says
    `not_run`, and with it at best `not_disproved`.
    """
    return tagged(await call.write(domain.name_payee, body, _entering(call), answer=Payee.of))


@router.get("/v1/payees", **needs("payees:read"))
async def list_payees(
    call: Call,
    paging: Paging,
    award_id: Annotated[AwardId | None, Query(alias="award", description="only this award's")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Payee]:
    """The movement's payees, oldest first."""
    rows = await call.read(
        store.list_payees, award_id=award_id, since=updated_since, after=paging.after_id, limit=paging.fetch
    )
    return paging.page(rows, Payee.of, lambda known: (known[0].id,))


@router.get("/v1/payees/{payee_id}", **needs("payees:read"))
async def get_payee(payee_id: PayeeId, call: Call, response: Response) -> Payee:
    """A payee: of its account four digits, who entered it when, and whether a change waits to be made sure of."""
    found = Payee.of(await call.read_by_key(domain.get_payee, payee_id))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/v1/payees/{payee_id}", response_model=Payee, **needs("payees:write", user=True))
async def change_payee(payee_id: PayeeId, body: PayeeChanges, call: Call, expected: Expected) -> Response:
    """Change a payee's name, or whether it is the group or its host. The account stays; approvals are void."""
    return tagged(await call.write(domain.change_payee, payee_id, body, expected, acting(call), answer=Payee.of))


@router.put("/v1/payees/{payee_id}/account", response_model=Payee, **needs("payees:write", user=True))
async def enter_account(payee_id: PayeeId, body: BankDetails, call: Call, expected: Expected) -> Response:
    """Enter the account into which is paid, as a whole.

    Details that replace others wait until somebody else has called on a number known before: until then nothing is
    paid. Approvals of payments to the payee are void.
    """
    return tagged(await call.write(domain.enter_account, payee_id, body, expected, _entering(call), answer=Payee.of))


@router.post("/v1/payees/{payee_id}/verify", response_model=Payee, **needs("payees:write", user=True))
async def verify_account(payee_id: PayeeId, body: CalledBack, call: Call, expected: Expected) -> Response:
    """Say that you called the payee on a number known before, and that the changed details are theirs.

    Whoever entered them cannot (403 `own_edit`).
    """
    return tagged(
        await call.write(domain.verify_account, payee_id, body.known_from, expected, acting(call), answer=Payee.of)
    )


def _entering(call: CallOf) -> Entering:
    return Entering(acting(call), call.parts.secrets, table_of(call.parts.settings))
