"""Routes of measures and their versions."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import Key, MeasureId, VersionId
from services.measures.measures import domain
from services.measures.measures.schemas import Measure, NewMeasure, NewVersion, Version
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["measures"])


@router.post("/v1/measures", status_code=201, response_model=Measure, **needs("measures:write"))
async def create_measure(body: NewMeasure, call: Call) -> Response:
    """Name something that the movement will keep a common count of. 409 `key_taken` where the key is in use."""
    return await call.write(domain.create_measure, body.key, body.title, body.description, answer=Measure.of)


@router.get("/v1/measures", response_model=Page[Measure], **needs("measures:read"))
async def list_measures(
    call: Call, paging: Paging, key: Annotated[Key | None, Query(description="Only the measure with this key.")] = None
) -> Page[Measure]:
    """The movement's measures, oldest first."""
    after = str(paging.after[0]) if paging.after else None
    measures = await call.read(domain.list_measures, key, after, paging.fetch)
    return paging.page(measures, Measure.of, lambda measure: (measure.id,))


@router.get("/v1/measures/{measure}", response_model=Measure, **needs("measures:read"))
async def read_measure(call: Call, measure: MeasureId) -> Measure:
    """One measure."""
    return Measure.of(await call.read_by_key(domain.read_measure, measure))


@router.post("/v1/measures/{measure}/versions", status_code=201, response_model=Version, **needs("measures:write"))
async def draft_version(body: NewVersion, call: Call, measure: MeasureId) -> Response:
    """Define the measure: a draft, under the next number. Nothing can be reported against it until it is published."""
    return await call.write(domain.draft_version, measure, body.definition(), answer=Version.of)


@router.get("/v1/measures/{measure}/versions", response_model=Page[Version], **needs("measures:read"))
async def list_versions(call: Call, measure: MeasureId, paging: Paging) -> Page[Version]:
    """The measure's versions, by number."""
    after = int(paging.after[0]) if paging.after else 0
    versions = await call.read(domain.list_versions, measure, after, paging.fetch)
    return paging.page(versions, Version.of, lambda version: (version.number,))


@router.get("/v1/measures/{measure}/versions/{version}", response_model=Version, **needs("measures:read"))
async def read_version(call: Call, measure: MeasureId, version: VersionId) -> Version:
    """One version."""
    return Version.of(await call.read_by_key(domain.read_version, measure, version))


@router.post("/v1/measures/{measure}/versions/{version}/publish", response_model=Version, **needs("measures:write"))
async def publish_version(call: Call, measure: MeasureId, version: VersionId) -> Response:
    """Publish a draft. From then on it never changes: a better definition is another version. 409 when it is."""
    return await call.write(domain.publish_version, measure, version, answer=Version.of)
