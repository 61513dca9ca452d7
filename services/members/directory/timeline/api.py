"""The route of the timeline."""

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from services.members.directory.timeline import domain, store
from services.members.directory.timeline.schemas import Happened
from services.members.fields import PersonId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Timeline"])

Kinds = Annotated[list[str] | None, Query(max_length=30, description="such as `activity.done`; given again for more")]
Since = Annotated[AwareDatetime | None, Query(description="what happened from this moment on")]
Until = Annotated[AwareDatetime | None, Query(description="what happened before this moment")]


@router.get("/people/{person}/timeline", response_model=Page[Happened], **needs("people:read"))
async def read_timeline(
    person: PersonId, call: Call, paging: Paging, kind: Kinds = None, since: Since = None, until: Until = None
) -> Page[Happened]:
    """Everything that happened to a person, the latest first: what they did, pledged, decided and became part of.

    It shows what the caller's scopes let them read, so that `activities:read` is needed for activities, and so on. For
    somebody who was merged it is the timeline of who they are now. The words hold kinds and states alone; whoever needs
    more asks for the record. What concerns safeguarding is never in it.
    """
    entries = await call.read(
        domain.timeline,
        person,
        kinds=kind or (),
        may=call.principal.may,
        since=since,
        until=until,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(entries, Happened.of, store.position)
