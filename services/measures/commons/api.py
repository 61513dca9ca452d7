"""Routes of the commons."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.commons import domain
from services.measures.commons.schemas import CommonVersion, Forking, Taking
from services.measures.fields import Key, VersionId
from services.measures.measures.schemas import Measure
from shared.calls import Call
from shared.editing import tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["commons"])


@router.get("/v1/commons", response_model=Page[CommonVersion], **needs("measures:read"))
async def list_commons(
    call: Call,
    paging: Paging,
    q: Annotated[
        str | None, Query(min_length=1, max_length=100, description="a part of the key, the title or the description")
    ] = None,
    instrument: Annotated[Key | None, Query(description="only those asked with this instrument")] = None,
) -> Page[CommonVersion]:
    """Every published definition of every movement. Drafts, and what is consulted on, are their movement's alone."""
    found = await call.read(domain.list_shared, q, instrument, paging.after_id, paging.fetch)
    return paging.page(found, CommonVersion.of, lambda shared: (shared.version.id,))


@router.get("/v1/commons/{version}", response_model=CommonVersion, **needs("measures:read"))
async def read_common_version(version: VersionId, call: Call) -> CommonVersion:
    """One published definition, whosever it is."""
    return CommonVersion.of(await call.read(domain.read, version))


@router.post("/v1/commons/{version}/take", response_model=CommonVersion, **needs("measures:write"))
async def take_version(version: VersionId, call: Call, body: Taking) -> Response:
    """Report by this version too. It keeps its id, so that figures of both movements mean the same.

    409 `key_taken` where a measure of the movement has its key: take it under another.
    """
    return await call.write(domain.take, version, body.key, answer=CommonVersion.of)


@router.post("/v1/commons/{version}/fork", status_code=201, response_model=Measure, **needs("measures:write"))
async def fork_version(version: VersionId, body: Forking, call: Call) -> Response:
    """Make a measure of your own out of it: its first draft says the same, and can be changed."""
    return tagged(await call.write(domain.fork, version, body, answer=Measure.of))
