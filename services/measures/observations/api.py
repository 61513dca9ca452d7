"""Routes of observations and of their imports."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from services.measures.fields import ImportId, ObservationId, VersionId
from services.measures.formats.models import MEDIA_TYPES, Format
from services.measures.imports.domain import list_faults, read_report
from services.measures.imports.models import Kind, Source
from services.measures.imports.schemas import ImportReport, ObservationImportQuery, RowFault
from services.measures.observations import reporting as domain
from services.measures.observations.importing import import_observations, reporter_for
from services.measures.observations.large.domain import Asked, ask
from services.measures.observations.reporting import Report, record, record_one
from services.measures.observations.schemas import NewObservation, NewObservations, Observation, Revisions
from services.measures.observations.schemas import Report as RecordedReport
from services.measures.observations.store import Wanted
from services.measures.slices import SLICE_ROWS
from shared import csv_out
from shared.calls import Call
from shared.errors import Fault, Invalid
from shared.fields import GssCode
from shared.jobs import domain as jobs
from shared.jobs import files
from shared.jobs.schemas import Job
from shared.needs import Needs, needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["observations"])


def _needs_a_file() -> Needs:
    declared = needs("observations:write")
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()}
    declared["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return declared


Version = Annotated[VersionId | None, Query(description="Only figures of this version.")]
Period = Annotated[str | None, Query(max_length=20, description="Only this period.", examples=["2015/16"])]
From = Annotated[ImportId | None, Query(alias="import", description="Only what this import brought.")]
Word = Annotated[str | None, Query(max_length=500)]
AsOf = Annotated[AwareDatetime | None, Query(description="Answer what was known at this moment, not what is now.")]
Which = Annotated[Revisions, Query(description="`latest`: each figure once. `all`: its earlier revisions too.")]


@router.post("/v1/observations/imports", status_code=201, response_model=ImportReport, **_needs_a_file())
async def import_observations_file(call: Call, query: Annotated[ObservationImportQuery, Query()]) -> Response:
    """Report figures of a published version from a file: CSV, XLSX, SDMX-CSV, DHIS2, a Data Package or CSVW.

    A row names its place (GSS code) and period, and gives a `value`, or for a ratio `numerator` and `denominator`, or
    for a mean `n`, `sum_x` and `sum_x2`; one without a figure says why in `status` (suppressed, not_collected,
    not_applicable). The file is validated as a whole before anything is written, and every bad row is named by row and
    column: such a file is refused with 422 unless `on_error=skip`. A dry run answers 200 with what would happen and
    changes nothing. The same file again changes nothing either; a figure that differs becomes its next revision.
    """
    body = b"".join([piece async for piece in call.upload()])
    return await import_observations(call, query, body)


@router.post(
    "/v1/observations/imports/background", status_code=202, response_model=Job,
    **needs("observations:write", large_body="text/csv"),
)  # fmt: skip
async def import_observations_in_background(call: Call, query: Annotated[ObservationImportQuery, Query()]) -> Response:
    """Report figures from a CSV file of any size, in a job: `/v1/jobs/{id}` says how far, `…/faults` what is wrong.

    The same rules as for a smaller file hold, and its figures are there all at once. The result has the counts.
    """
    if query.format is not Format.CSV:
        raise Invalid(faults=[Fault("?format", "is csv, for a file of any size", "not_supported")])
    asked = Asked(
        query.measure_version, await reporter_for(call, query.reporter, "?reporter"), query.provenance, query.reason,
        query.columns, query.dry_run, query.on_error,
    )  # fmt: skip
    job = jobs.id_for("measures")
    return await files.asked_with(call, job, lambda: call.write(ask, job, asked, answer=Job.of))


@router.get("/v1/observations/imports/{import_id}", response_model=ImportReport, **needs("observations:read"))
async def read_observations_import(call: Call, import_id: ImportId) -> ImportReport:
    """What became of a file of figures, with the first 100 faults."""
    return ImportReport.of(await call.read_by_key(read_report, import_id, Kind.OBSERVATIONS))


@router.get("/v1/observations/imports/{import_id}/faults.csv", **needs("observations:read", file="text/csv"))
async def download_observations_import_faults(call: Call, import_id: ImportId) -> StreamingResponse:
    """Every fault of a file of figures as CSV: row, column, code and reason."""
    await call.read_by_key(read_report, import_id, Kind.OBSERVATIONS)
    headers = {"content-disposition": f'attachment; filename="{import_id}-faults.csv"'}
    return StreamingResponse(_fault_lines(call, import_id), media_type=csv_out.MEDIA_TYPE, headers=headers)


@router.get("/v1/observations/imports/{import_id}/faults", response_model=Page[RowFault], **needs("observations:read"))
async def list_observations_import_faults(call: Call, import_id: ImportId, paging: Paging) -> Page[RowFault]:
    """Every fault of a file of figures, by row."""
    after = int(paging.after[0]) if paging.after else 0
    faults = await call.read(list_faults, import_id, Kind.OBSERVATIONS, after, paging.fetch)
    return paging.page(faults, RowFault.of, lambda fault: (fault.number,))


@router.post("/v1/observations", status_code=201, response_model=Observation, **needs("observations:write"))
async def record_observation(call: Call, body: NewObservation) -> Response:
    """Report one figure. 200 where that is what is known already; one that differs is a correction and has a `reason`.

    Nothing is ever overwritten: a correction is the figure's next revision, and `as_of` answers what was known before.
    """
    report = Report(await _source(call, body), [body.cells()], lambda _: "")
    return await call.write(
        record_one,
        report,
        answer=lambda outcome: Observation.of(outcome[0]),
        status=lambda outcome: _status(outcome[1]),
    )


@router.post("/v1/observations/bulk", status_code=201, response_model=RecordedReport, **needs("observations:write"))
async def record_observations(call: Call, body: NewObservations) -> Response:
    """Report up to 500 figures of one version at once: all are taken, or, where any has a fault, none.

    Every fault is named by its place in `figures`; a correction among them needs a `reason`. 200 where nothing is new.
    """
    report = Report(await _source(call, body), [figure.cells() for figure in body.figures])
    return await call.write(
        record, report, answer=RecordedReport.of, status=lambda recorded: _status(bool(recorded.compared.revisions))
    )


@router.get("/v1/observations", response_model=Page[Observation], **needs("observations:read"))
async def list_observations(
    call: Call,
    paging: Paging,
    measure_version: Version = None,
    reporter: Word = None,
    place: Annotated[GssCode | None, Query(description="Only figures for this place.")] = None,
    period: Period = None,
    cell: Word = None,
    programme: Word = None,
    activity: Word = None,
    import_id: From = None,
    revisions: Which = Revisions.LATEST,
    as_of: AsOf = None,
    updated_since: UpdatedSince = None,
) -> Page[Observation]:
    """The movement's figures in the order in which they were recorded; as they are known, or were known `as_of`."""
    wanted = Wanted(
        measure_version, reporter, place, period, cell, programme, activity, import_id, revisions is Revisions.ALL,
        as_of, updated_since,
    )  # fmt: skip
    seen = await call.read(domain.list_observations, wanted, paging.after_id, paging.fetch)
    return paging.page(seen, Observation.of, lambda row: (row.observation.id,))


@router.get("/v1/observations/{observation}", response_model=Observation, **needs("observations:read"))
async def read_observation(call: Call, observation: ObservationId) -> Observation:
    """One revision of one figure."""
    return Observation.of(await call.read_by_key(domain.read_observation, observation))


@router.get("/v1/observations/{observation}/revisions", response_model=Page[Observation], **needs("observations:read"))
async def list_revisions(call: Call, observation: ObservationId, paging: Paging) -> Page[Observation]:
    """All that was ever known of the figure that this is a revision of: what, when, and why it was corrected."""
    after = int(paging.after[0]) if paging.after else 0
    seen = await call.read(domain.list_revisions, observation, after, paging.fetch)
    return paging.page(seen, Observation.of, lambda row: (row.observation.revision,))


async def _fault_lines(call: Call, import_id: str) -> AsyncIterator[bytes]:
    yield csv_out.lines([("row", "column", "code", "reason")])
    after = 0
    while faults := await call.read(list_faults, import_id, Kind.OBSERVATIONS, after, SLICE_ROWS):
        yield csv_out.lines((fault.row, fault.column, fault.code, fault.reason) for fault in faults)
        after = faults[-1].number


async def _source(call: Call, body: NewObservation | NewObservations) -> Source:
    reporter = await reporter_for(call, body.reporter, "/reporter")
    return Source(body.measure_version, reporter, body.provenance, body.reason)


def _status(anything_new: bool) -> int:
    return 201 if anything_new else 200
