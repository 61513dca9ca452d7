"""Routes of commitments."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members import days
from services.members.community.programmes.schemas import ProgrammeId
from services.members.engagement.campaigns.schemas import CampaignId
from services.members.engagement.commitments import domain, store
from services.members.engagement.commitments.models import CommitmentState
from services.members.engagement.commitments.schemas import (
    CommitmentChanges,
    CommitmentId,
    CommitmentShown,
    NewCommitment,
    NewNote,
    Note,
    Outcome,
)
from services.members.engagement.commitments.store import Chosen
from services.members.fields import OrganisationId, PersonId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/commitments", tags=["Commitments"])

OverBy = Annotated[date | None, Query(description="those still under way whose last day is before that one")]


@router.post("", status_code=201, response_model=CommitmentShown, **needs("commitments:write"))
async def make_commitment(body: NewCommitment, call: Call) -> Response:
    """Take something on over a time, for a person or an organisation, within a programme or a campaign.

    409 `campaign_closed` where the campaign is over.
    """
    shown = partial(CommitmentShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.make, body, answer=shown))


@router.get("", response_model=Page[CommitmentShown], **needs("commitments:read", shows=ADMINISTRATION))
async def list_commitments(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    programme: ProgrammeId | None = None,
    campaign: CampaignId | None = None,
    state: CommitmentState | None = None,
    over_by: OverBy = None,
    updated_since: AwareDatetime | None = None,
) -> Page[CommitmentShown]:
    """Commitments in the order in which they were made."""
    chosen = Chosen(person, organisation, programme, campaign, state, over_by, updated_since)
    rows = await call.read(domain.list_commitments, chosen=chosen, after=paging.after, limit=paging.fetch)
    today: date = await call.read_by_key(days.today)
    return paging.page(rows, partial(CommitmentShown.on, today), lambda shown: (shown.commitment.id,))


@router.get("/{commitment}", response_model=CommitmentShown, **needs("commitments:read", shows=ADMINISTRATION))
async def read_commitment(commitment: CommitmentId, call: Call, response: Response) -> CommitmentShown:
    """One commitment, and how much of it was done so far."""
    today: date = await call.read_by_key(days.today)
    shown = CommitmentShown.on(today, await call.read(domain.read, commitment))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{commitment}", response_model=CommitmentShown, **needs("commitments:write"))
async def change_commitment(
    commitment: CommitmentId, body: CommitmentChanges, call: Call, expected: Expected
) -> Response:
    """Change what is under way (409 `commitment_settled`)."""
    shown = partial(CommitmentShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.change, commitment, body, expected, answer=shown))


@router.post("/{commitment}/notes", status_code=201, response_model=Note, **needs("commitments:write"))
async def add_note(commitment: CommitmentId, body: NewNote, call: Call) -> Response:
    """Note how it is going, and how much was done since the note before (409 `no_quantity` where nothing counts)."""
    return await call.write(domain.note, commitment, body, answer=Note.of)


@router.get("/{commitment}/notes", response_model=Page[Note], **needs("commitments:read"))
async def list_notes(commitment: CommitmentId, call: Call, paging: Paging) -> Page[Note]:
    """The notes on a commitment, in the order in which they were made."""
    await call.read(domain.read, commitment)
    rows = await call.read(store.list_notes, commitment, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Note.of, lambda note: (note.id,))


@router.post("/{commitment}/outcome", response_model=CommitmentShown, **needs("commitments:write"))
async def settle_commitment(commitment: CommitmentId, body: Outcome, call: Call) -> Response:
    """Note what became of it. A person who kept one did something, of the kind `kept_commitment`."""
    shown = partial(CommitmentShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.settle, commitment, body, answer=shown))
