"""Routes of archives: what is kept of somebody, gathered for themself, looked through, and fetched."""

from collections.abc import AsyncIterator

from fastapi import Response
from starlette.responses import StreamingResponse

from services.members.fields import PersonId
from services.members.trust.archives import contents, domain, store
from services.members.trust.archives.schemas import Archive, ArchiveId, NewArchive, NewDecisions, Passage
from shared.calls import Call, CallOf
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1/people/{person}/export", tags=["Requests"])


@router.post("", status_code=202, response_model=Archive, **needs("archives:write"))
async def ask_for_archive(person: PersonId, body: NewArchive, call: Call) -> Response:
    """Have all that is kept of somebody gathered, from every table and every service, for a verified request of theirs.

    `form`: `archive` answers a request of the kind `access`, `portable` one of the kind `port`. It takes a job; then
    the archive is `in_review`. 409 `not_verified` before it is known who asks.
    """
    return await call.write(domain.ask, person, body, call.parts.settings.archive_days, answer=Archive.of)


@router.get("", response_model=Page[Archive], **needs("archives:read", shows=OWN_RECORD))
async def list_archives(person: PersonId, call: Call, paging: Paging) -> Page[Archive]:
    """The archives that were made for somebody, those that expired too; what stood in these is deleted."""
    rows = await call.read(domain.archives, person, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Archive.of, lambda counted: (counted[0].id,))


@router.get("/{archive}", response_model=Archive, **needs("archives:read", shows=OWN_RECORD))
async def read_archive(person: PersonId, archive: ArchiveId, call: Call) -> Archive:
    """One archive, how far it is, and how many of its passages have not been looked at."""
    return Archive.of(await call.read(domain.read, person, archive))


@router.get("/{archive}/passages", response_model=Page[Passage], **needs("archives:read", shows=OWN_RECORD))
async def list_passages(person: PersonId, archive: ArchiveId, call: Call, paging: Paging) -> Page[Passage]:
    """What is to be looked at: what somebody else wrote, and what names or reaches somebody else."""
    rows = await call.read(domain.passages, person, archive, call.parts.secrets, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Passage.of, lambda opened: (opened.row.number,))


@router.post("/{archive}/decisions", response_model=Archive, **needs("archives:write"))
async def decide_about_passages(person: PersonId, archive: ArchiveId, body: NewDecisions, call: Call) -> Response:
    """Let passages be read, or hold them back with the reason; until the release each may be decided anew."""
    return await call.write(domain.decide, person, archive, body, answer=Archive.of)


@router.post("/{archive}/release", status_code=202, response_model=Archive, **needs("archives:write"))
async def release_archive(person: PersonId, archive: ArchiveId, call: Call) -> Response:
    """Have the file made of what may be read (409 `not_reviewed` while passages have not been looked at)."""
    return await call.write(domain.release, person, archive, answer=Archive.of)


@router.get("/{archive}/file", **needs("archives:read", shows=OWN_RECORD, file="application/zip"))
async def fetch_archive(person: PersonId, archive: ArchiveId, call: Call) -> StreamingResponse:
    """The zip: open `index.html` in it (409 `not_released` before it is made and after it has expired)."""
    await call.read(domain.fetchable, person, archive)
    headers = {"content-disposition": f'attachment; filename="{archive}.zip"', "cache-control": "no-store"}
    return StreamingResponse(_file(call, archive), media_type="application/zip", headers=headers)


@router.delete("/{archive}", response_model=Archive, **needs("archives:write"))
async def discard_archive(person: PersonId, archive: ArchiveId, call: Call) -> Response:
    """Let an archive expire now. What stands in it is deleted within a minute; that it was made stays known."""
    return await call.write(domain.discard, person, archive, answer=Archive.of)


async def _file(call: CallOf, archive: str) -> AsyncIterator[bytes]:
    number = 1
    while (sealed := await call.parts.db.read(store.piece, call.movement, archive, number)) is not None:
        yield contents.opened_piece(call.movement, archive, number, sealed, call.parts.secrets)
        number += 1
