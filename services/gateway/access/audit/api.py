"""The route of the audit."""

from typing import Annotated

from fastapi import Query

from services.gateway.access.audit import store
from services.gateway.access.audit.schemas import Entry
from services.gateway.access.callers import CallerOf, PlatformKeyNeeded
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["access"])

Wanted = Annotated[str | None, Query(min_length=1, max_length=100)]


@router.get("/v1/audit", response_model=Page[Entry], **needs("audit:read"))
async def list_audit(
    call: Call,
    caller: CallerOf,
    paging: Paging,
    action: Wanted = None,
    actor: Wanted = None,
    subject: Wanted = None,
    platform: Annotated[bool, Query(description="what was done in no movement; for platform keys")] = False,
) -> Page[Entry]:
    """Who let whom in and who ended it, the newest first: keys, users, sessions, movements, endpoints of webhooks.

    Nothing in it is ever changed or deleted; `python -m services audit verify` finds out whether that holds. What was
    done with the movement's records is told by its events, each with its actor: `GET /v1/events`.
    """
    if platform and caller.kind != "platform":
        raise PlatformKeyNeeded
    named = {"action": action, "actor": actor, "subject": subject}
    wanted = {name: value for name, value in named.items() if value is not None}
    before = None if paging.after is None else int(paging.after[0])
    if platform:
        rows = await call.bound.read(store.page, "", before, wanted, paging.fetch)
    else:
        rows = await call.read(store.page, before, wanted, paging.fetch)
    return paging.page(rows, Entry.of, lambda row: (row.number,))
