"""Routes of measures and their versions."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import Key, MeasureId, VersionId
from services.measures.measures import domain
from services.measures.measures.schemas import (
    Compared,
    Measure,
    MeasureChanges,
    NewMeasure,
    NewVersion,
    Version,
    VersionChanges,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
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
    call: Call,
    paging: Paging,
    key: Annotated[Key | None, Query(description="Only the measure with this key.")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Words of the title.")] = None,
    activity: Annotated[
        str | None, Query(max_length=500, description="Only those with figures of this activity, such as an award.")
    ] = None,
) -> Page[Measure]:
    """The movement's measures, oldest first."""
    after = str(paging.after[0]) if paging.after else None
    measures = await call.read(domain.list_measures, key, q, activity, after, paging.fetch)
    return paging.page(measures, Measure.of, lambda measure: (measure.id,))


@router.get("/v1/measures/{measure}", response_model=Measure, **needs("measures:read"))
async def read_measure(call: Call, measure: MeasureId, response: Response) -> Measure:
    """One measure."""
    shown = Measure.of(await call.read_by_key(domain.read_measure, measure))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/measures/{measure}", response_model=Measure, **needs("measures:write"))
async def change_measure(measure: MeasureId, body: MeasureChanges, call: Call, expected: Expected) -> Response:
    """Give the measure another title or description. 409 `not_yours` where it was taken from the commons."""
    return tagged(await call.write(domain.change_measure, measure, body, expected, answer=Measure.of))


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
async def read_version(call: Call, measure: MeasureId, version: VersionId, response: Response) -> Version:
    """One version."""
    shown = Version.of(await call.read_by_key(domain.read_version, measure, version))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/measures/{measure}/versions/{version}", response_model=Version, **needs("measures:write"))
async def change_version(
    measure: MeasureId, version: VersionId, body: VersionChanges, call: Call, expected: Expected
) -> Response:
    """Define a draft otherwise. 409 `already_published` of a published one, `not_a_draft` of one that is proposed."""
    return tagged(await call.write(domain.change_version, measure, version, body.define, expected, answer=Version.of))


@router.get(
    "/v1/measures/{measure}/versions/{version}/comparability", response_model=Compared, **needs("measures:read")
)
async def compare_versions(
    measure: MeasureId,
    version: VersionId,
    call: Call,
    other: Annotated[VersionId | None, Query(description="before or after it; the newest published one")] = None,
) -> Compared:
    """Whether figures by two published versions may stand beside one another: as well as the weakest link between."""
    return Compared.of(await call.read(domain.compare_versions, measure, version, other))


@router.post("/v1/measures/{measure}/versions/{version}/publish", response_model=Version, **needs("measures:write"))
async def publish_version(call: Call, measure: MeasureId, version: VersionId) -> Response:
    """Publish a version. From then on it never changes: a better definition is another version. 409 when it is.

    409 `consultation_open` while partners may still comment, or wait for answers. All movements see it in the commons.
    """
    return await call.write(domain.publish_version, measure, version, answer=Version.of)
