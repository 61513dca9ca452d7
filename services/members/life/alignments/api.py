"""Routes of alignments."""

from fastapi import Response

from services.members.fields import OrganisationId
from services.members.life.agenda.schemas import AgendaId
from services.members.life.alignments import domain
from services.members.life.alignments.models import AlignmentState
from services.members.life.alignments.schemas import (
    ActId,
    AlignmentEnding,
    AlignmentId,
    AlignmentShown,
    Apart,
    Doing,
    NewAct,
    NewAlignment,
)
from services.members.life.alignments.store import Chosen
from shared.calls import Call
from shared.editing import tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/alignments", tags=["Common agenda"])


@router.post("", status_code=201, response_model=AlignmentShown, **needs("agenda:write"))
async def sign_agenda(body: NewAlignment, call: Call) -> Response:
    """Note that a partner signed a published version of the agenda, and what it starts, stops or changes for it.

    What it signed before is replaced. 409 `agenda_cannot_be_signed` for a draft or a version that was withdrawn.
    """
    return tagged(await call.write(domain.sign, body, answer=AlignmentShown.of))


@router.get("", response_model=Page[AlignmentShown], **needs("agenda:read"))
async def list_alignments(
    call: Call,
    paging: Paging,
    organisation: OrganisationId | None = None,
    agenda: AgendaId | None = None,
    state: AlignmentState | None = None,
    updated_since: UpdatedSince = None,
) -> Page[AlignmentShown]:
    """Alignments in the order in which they were noted."""
    chosen = Chosen(organisation, agenda, state, updated_since)
    rows = await call.read(domain.list_alignments, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, AlignmentShown.of, lambda alignment: (alignment.id,))


@router.get("/difference", response_model=Apart, **needs("agenda:read"))
async def compare_alignments(one: AlignmentId, other: AlignmentId, call: Call) -> Apart:
    """What two partners signed and mean to do, side by side, and the differences in words."""
    apart = await call.read(domain.compare, one, other)
    return Apart(one=AlignmentShown.of(apart.one), other=AlignmentShown.of(apart.other), in_words=list(apart.in_words))


@router.get("/{alignment}", response_model=AlignmentShown, **needs("agenda:read"))
async def read_alignment(alignment: AlignmentId, call: Call, response: Response) -> AlignmentShown:
    """One alignment."""
    shown = AlignmentShown.of(await call.read(domain.read, alignment))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/{alignment}/acts", status_code=201, response_model=AlignmentShown, **needs("agenda:write"))
async def add_act(alignment: AlignmentId, body: NewAct, call: Call) -> Response:
    """Note something more that a partner starts, stops or changes."""
    return tagged(await call.write(domain.add_act, alignment, body, answer=AlignmentShown.of))


@router.post("/{alignment}/acts/{act}/done", response_model=AlignmentShown, **needs("agenda:write"))
async def do_act(alignment: AlignmentId, act: ActId, body: Doing, call: Call) -> Response:
    """Note that a partner does what it said that it would."""
    return tagged(await call.write(domain.do, alignment, act, body.on, answer=AlignmentShown.of))


@router.post("/{alignment}/end", response_model=AlignmentShown, **needs("agenda:write"))
async def end_alignment(alignment: AlignmentId, body: AlignmentEnding, call: Call) -> Response:
    """Note that a partner no longer stands behind what it signed, and why."""
    return tagged(await call.write(domain.end, alignment, body, answer=AlignmentShown.of))
