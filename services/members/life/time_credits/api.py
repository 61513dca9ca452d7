"""Routes of the time bank."""

from datetime import date

from fastapi import Response

from services.members.fields import OrganisationId, PersonId
from services.members.life.time_credits import domain
from services.members.life.time_credits.schemas import (
    Bank,
    BankChanges,
    NewTransfer,
    Reversal,
    Statement,
    TransferId,
    TransferShown,
)
from services.members.life.time_credits.store import Chosen
from services.members.life.whose import Whose
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.errors import Fault, Invalid
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1/time-credits", tags=["Time bank"])


@router.post("", status_code=201, response_model=TransferShown, **needs("time_credits:write"))
async def transfer_time(body: NewTransfer, call: Call) -> Response:
    """Record time that one side gave and the other had: minutes, equal for all.

    409 `below_limit` where whoever is helped would owe more than the bank lends.
    """
    return await call.write(domain.transfer, body, answer=TransferShown.of)


@router.get("", response_model=Page[TransferShown], **needs("time_credits:read", shows=ADMINISTRATION))
async def list_time(
    call: Call, paging: Paging, person: PersonId | None = None, organisation: OrganisationId | None = None
) -> Page[TransferShown]:
    """Transfers in the order in which they were recorded, perhaps those that somebody is a side of."""
    chosen = Chosen(person, organisation)
    rows = await call.read(domain.list_transfers, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, TransferShown.of, lambda transfer: (transfer.id,))


@router.get("/bank", response_model=Bank, **needs("time_credits:read"))
async def read_bank(call: Call, response: Response) -> Bank:
    """What the bank lends, and what passed through it."""
    shown = await call.read(domain.bank)
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/bank", response_model=Bank, **needs("time_credits:write"))
async def agree_on_bank(body: BankChanges, call: Call, expected: Expected) -> Response:
    """Set how far below zero a balance may go. Whoever is lower already is helped again once they gave."""
    return tagged(await call.write(domain.agree, body, expected, answer=lambda agreed: agreed))


@router.get("/statement", response_model=Statement, **needs("time_credits:read", shows=OWN_RECORD))
async def read_statement(
    call: Call,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Statement:
    """What somebody gave and had from one day to another, with the balance after each; the last year unless said."""
    if (person is None) == (organisation is None):
        raise Invalid(faults=[Fault("?person", "is needed, or else an organisation, and not both", "one_of")])
    side = Whose(person=person, organisation=organisation)
    return await call.read(domain.statement, side, starts_on, ends_on)


@router.get("/{transfer}", response_model=TransferShown, **needs("time_credits:read", shows=ADMINISTRATION))
async def read_time(transfer: TransferId, call: Call) -> TransferShown:
    """One transfer."""
    return TransferShown.of(await call.read(domain.read, transfer))


@router.post("/{transfer}/reverse", status_code=201, response_model=TransferShown, **needs("time_credits:write"))
async def reverse_time(transfer: TransferId, body: Reversal, call: Call) -> Response:
    """Undo a transfer by its opposite, once (409 `reversed_already`). Nothing is ever changed or deleted."""
    return await call.write(domain.reverse, transfer, body, answer=TransferShown.of)
