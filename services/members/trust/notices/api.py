"""Routes of notices."""

from fastapi import Response

from services.members.fields import PersonId, Slug
from services.members.trust.notices import domain, store
from services.members.trust.notices.schemas import GivenNotice, GivenNotices, Giving, NewNotice, PublishedNotice
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Notices"])


@router.post("/notices", status_code=201, response_model=PublishedNotice, **needs("notices:write"))
async def publish_notice(body: NewNotice, call: Call) -> Response:
    """Keep a version of a notice, in one language. From then on a permission names a version that is kept here.

    409 `already_published`: another text is another version.
    """
    return await call.write(domain.publish, body, answer=PublishedNotice.of)


@router.get("/notices", response_model=Page[PublishedNotice], **needs("notices:read"))
async def list_notices(call: Call, paging: Paging, name: Slug | None = None) -> Page[PublishedNotice]:
    """Every version of every notice, in the order in which they were entered."""
    rows = await call.read(store.list_notices, name=name, after=paging.after, limit=paging.fetch)
    return paging.page(rows, PublishedNotice.of, lambda notice: (notice.id,))


@router.post("/people/{person}/notices", status_code=201, response_model=GivenNotice, **needs("notices:write"))
async def give_notice(person: PersonId, body: Giving, call: Call) -> Response:
    """Write down that somebody was given a notice, and how."""
    by = call.principal.user or call.principal.id
    return await call.write(domain.give, person, body, by, answer=GivenNotice.of)


@router.get("/people/{person}/notices", response_model=GivenNotices, **needs("notices:read"))
async def list_given_notices(person: PersonId, call: Call) -> GivenNotices:
    """Every notice that somebody was given: by itself, with what they decided, and with their data's coming."""
    return GivenNotices.of(await call.read(domain.given_to, person))
