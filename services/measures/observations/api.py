"""Routes of observations and of their imports."""

from typing import Annotated

from fastapi import Body, Query, Response

from services.measures.fields import ImportId, ObservationId, VersionId
from services.measures.imports.domain import list_faults, read_report
from services.measures.imports.models import Kind
from services.measures.imports.schemas import ImportReport, ObservationImportQuery, RowFault
from services.measures.observations import domain
from services.measures.observations.importing import import_observations
from services.measures.observations.schemas import Observation, Revisions
from services.measures.observations.store import Wanted
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["observations"])
Csv = Annotated[bytes, Body(media_type="text/csv", description="A CSV file in UTF-8, with a header.")]
Version = Annotated[VersionId | None, Query(description="Only figures of this version.")]
Period = Annotated[str | None, Query(max_length=20, description="Only this period.", examples=["2015/16"])]
From = Annotated[ImportId | None, Query(alias="import", description="Only what this import brought.")]
Which = Annotated[Revisions, Query(description="`latest`: each figure once. `all`: its earlier revisions too.")]


@router.post("/v1/observations/imports", status_code=201, response_model=ImportReport, **needs("observations:write"))
async def import_observations_csv(
    call: Call, query: Annotated[ObservationImportQuery, Query()], file: Csv = b""
) -> Response:
    """Report figures of a published version from a CSV file.

    A row names its place (GSS code) and period, and gives a `value`, or for a ratio `numerator` and `denominator`; a
    row without a figure says why in `status` (suppressed, not_collected, not_applicable). The file is validated as a
    whole before anything is written, and every bad row is named by row and column: such a file is refused with 422
    unless `on_error=skip`. A dry run answers 200 with what would happen and changes nothing. The same file again
    changes nothing either; a figure that differs from the one known becomes its next revision.
    """
    return await import_observations(call, query, file)


@router.get("/v1/observations/imports/{import_id}", response_model=ImportReport, **needs("observations:read"))
async def read_observations_import(call: Call, import_id: ImportId) -> ImportReport:
    """What became of a file of figures, with the first 100 faults."""
    return ImportReport.of(await call.read_by_key(read_report, import_id, Kind.OBSERVATIONS))


@router.get("/v1/observations/imports/{import_id}/faults", response_model=Page[RowFault], **needs("observations:read"))
async def list_observations_import_faults(call: Call, import_id: ImportId, paging: Paging) -> Page[RowFault]:
    """Every fault of a file of figures, by row."""
    after = int(paging.after[0]) if paging.after else 0
    faults = await call.read(list_faults, import_id, Kind.OBSERVATIONS, after, paging.fetch)
    return paging.page(faults, RowFault.of, lambda fault: (fault.number,))


@router.get("/v1/observations", response_model=Page[Observation], **needs("observations:read"))
async def list_observations(
    call: Call,
    paging: Paging,
    measure_version: Version = None,
    place: Annotated[GssCode | None, Query(description="Only figures for this place.")] = None,
    period: Period = None,
    import_id: From = None,
    revisions: Which = Revisions.LATEST,
) -> Page[Observation]:
    """The movement's figures in the order in which they were recorded."""
    after = str(paging.after[0]) if paging.after else None
    wanted = Wanted(measure_version, place, period, import_id, revisions is Revisions.ALL)
    seen = await call.read(domain.list_observations, wanted, after, paging.fetch)
    return paging.page(seen, Observation.of, lambda row: (row.observation.id,))


@router.get("/v1/observations/{observation}", response_model=Observation, **needs("observations:read"))
async def read_observation(call: Call, observation: ObservationId) -> Observation:
    """One revision of one figure."""
    return Observation.of(await call.read_by_key(domain.read_observation, observation))
