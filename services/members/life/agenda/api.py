"""Routes of the common agenda."""

from datetime import date

from fastapi import Response

from services.members.life.agenda import domain, store
from services.members.life.agenda.models import AgendaState
from services.members.life.agenda.schemas import (
    AgendaChanges,
    AgendaId,
    AgendaShown,
    Difference,
    NewAgenda,
    Withdrawal,
)
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/agenda", tags=["Common agenda"])


@router.post("", status_code=201, response_model=AgendaShown, **needs("agenda:write"))
async def draft_agenda(body: NewAgenda, call: Call) -> Response:
    """Begin a version of the common agenda: vision, outcomes, values and what the words mean, and who shaped it."""
    return tagged(await call.write(domain.draft, body, answer=AgendaShown.of))


@router.get("", response_model=Page[AgendaShown], **needs("agenda:read", shows=ADMINISTRATION))
async def list_agendas(
    call: Call, paging: Paging, state: AgendaState | None = None, updated_since: UpdatedSince = None
) -> Page[AgendaShown]:
    """Every version, in the order in which they were begun."""
    rows = await call.read(
        store.list_versions, state=state, updated_since=updated_since, after=paging.after, limit=paging.fetch
    )
    return paging.page(rows, AgendaShown.of, lambda agenda: (agenda.id,))


@router.get("/current", response_model=AgendaShown, **needs("agenda:read", shows=ADMINISTRATION))
async def read_current_agenda(call: Call, on: date | None = None) -> AgendaShown:
    """The version that holds: of those published and not withdrawn the newest, today or `on` another day."""
    return AgendaShown.of(await call.read(domain.in_force, on))


@router.get("/{agenda}", response_model=AgendaShown, **needs("agenda:read", shows=ADMINISTRATION))
async def read_agenda(agenda: AgendaId, call: Call, response: Response) -> AgendaShown:
    """One version."""
    shown = AgendaShown.of(await call.read(domain.read, agenda))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{agenda}", response_model=AgendaShown, **needs("agenda:write"))
async def change_agenda(agenda: AgendaId, body: AgendaChanges, call: Call, expected: Expected) -> Response:
    """Change a draft. 409 `not_a_draft` once it is published: what is to be different goes into a new version."""
    return tagged(await call.write(domain.change, agenda, body, expected, answer=AgendaShown.of))


@router.post("/{agenda}/publish", response_model=AgendaShown, **needs("agenda:write"))
async def publish_agenda(agenda: AgendaId, call: Call, expected: Expected) -> Response:
    """Publish a draft as the next version. 409 `shaped_by_nobody` where nobody is named who had a hand in it."""
    return tagged(await call.write(domain.publish, agenda, expected, answer=AgendaShown.of))


@router.post("/{agenda}/withdraw", response_model=AgendaShown, **needs("agenda:write"))
async def withdraw_agenda(agenda: AgendaId, body: Withdrawal, call: Call, expected: Expected) -> Response:
    """Let nobody sign this version any more. What was signed before stays as it was."""
    return tagged(await call.write(domain.withdraw, agenda, body, expected, answer=AgendaShown.of))


@router.get("/{agenda}/difference", response_model=Difference, **needs("agenda:read"))
async def compare_agendas(agenda: AgendaId, call: Call, to: AgendaId | None = None) -> Difference:
    """What is different between a version and another (`to`), or else the one that holds today, in words."""
    compared = await call.read(domain.compare, agenda, to)
    return Difference(earlier=agenda, later=compared.later, in_words=list(compared.in_words))
