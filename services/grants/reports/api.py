"""Routes of reports, and of what an award counts."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.grants.delegations.holding import held_to, of_award
from services.grants.delegations.models import Power
from services.grants.fields import AwardId
from services.grants.reports import domain
from services.grants.reports.models import ReportState
from services.grants.reports.schemas import (
    AwardMeasures,
    CountedMeasures,
    NewReport,
    Question,
    Report,
    ReportChanges,
    Waiver,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.ids import Id
from shared.needs import Needs, needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["reports of awards"])

ReportId = Annotated[str, Id("grantreport")]
_PICTURES = ("image/jpeg", "image/png", "image/webp")


def _needs_a_picture() -> Needs:
    declared = needs("grant_reports:write")
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in _PICTURES}
    declared["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return declared


@router.post("/v1/grant-reports", status_code=201, response_model=Report, **needs("grant_reports:write"))
async def ask_for_report(body: NewReport, call: Call) -> Response:
    """Ask a group for a report by a day, beside the one that is asked for by itself once the first money is out."""
    return tagged(await call.write(domain.ask_for_another, call.principal, body.award, body.due_on, answer=Report.of))


@router.get("/v1/grant-reports", **needs("grant_reports:read"))
async def list_reports(
    call: Call,
    paging: Paging,
    award_id: Annotated[AwardId | None, Query(alias="award", description="only this award's")] = None,
    state: Annotated[ReportState | None, Query(description="only those in this state")] = None,
    overdue: Annotated[bool, Query(description="only those that were due before today and are not submitted")] = False,
    updated_since: UpdatedSince = None,
) -> Page[Report]:
    """The movement's reports, oldest first."""
    rows = await call.read(
        domain.list_reports,
        award_id=award_id,
        state=state,
        overdue=overdue,
        updated_since=updated_since,
        after=paging.after_id,
        limit=paging.fetch,
    )
    return paging.page(rows, Report.of, lambda row: (row.report.id,))


@router.get("/v1/grant-reports/{report_id}", **needs("grant_reports:read"))
async def get_report(report_id: ReportId, call: Call, response: Response) -> Report:
    """A report: what the group says, and what became of its figures. Its `ETag` is what an edit names."""
    shown = Report.of(await call.read(domain.get_report, report_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/grant-reports/{report_id}", response_model=Report, **needs("grant_reports:write"))
async def write_report(report_id: ReportId, body: ReportChanges, call: Call, expected: Expected) -> Response:
    """Write what the group says, as far as it is known; it can be gone on with until it is submitted.

    409 `report_frozen` from then on, unless it is queried; 422 `not_of_the_award` for a figure of another measure.
    """
    return tagged(await call.write(domain.write_report, report_id, body, expected, answer=Report.of))


@router.put("/v1/grant-reports/{report_id}/photo", response_model=Report, **_needs_a_picture())
async def put_photo(report_id: ReportId, request: Request, call: Call) -> Response:
    """Send the photograph of a report: a JPEG, PNG or WebP file. Whoever can be recognised in it has agreed.

    413 where it is larger than `BACKBONE_REPORT_PHOTO_BYTES`; 422 `not_a_picture`.
    """
    picture, largest = await request.body(), call.parts.settings.report_photo_bytes
    return tagged(await call.write(domain.put_photo, report_id, picture, largest, answer=Report.of))


@router.get("/v1/grant-reports/{report_id}/photo", **needs("grant_reports:read", file="image/*"))
async def get_photo(report_id: ReportId, call: Call) -> Response:
    """The photograph of a report, as it was sent."""
    media_type, picture = await call.read(domain.get_photo, report_id)
    return Response(picture, media_type=media_type, headers={"x-content-type-options": "nosniff"})


@router.delete("/v1/grant-reports/{report_id}/photo", response_model=Report, **needs("grant_reports:write"))
async def remove_photo(report_id: ReportId, call: Call) -> Response:
    """Delete the photograph of a report, whatever its state: somebody in it may say stop at any time."""
    return tagged(await call.write(domain.remove_photo, report_id, answer=Report.of))


@router.post("/v1/grant-reports/{report_id}/submit", response_model=Report, **needs("grant_reports:write"))
async def submit_report(report_id: ReportId, call: Call) -> Response:
    """Submit a report: with its three answers, or with a photograph. 422 names each answer that is missing."""
    return tagged(await call.write(domain.submit_report, report_id, answer=Report.of))


@router.post("/v1/grant-reports/{report_id}/accept", response_model=Report, **needs("grant_reports:write"))
async def accept_report(report_id: ReportId, call: Call) -> Response:
    """Accept a report. Its figures become observations and its story a draft among the stories, in a moment."""
    return tagged(await call.write(domain.accept_report, call.principal, report_id, answer=Report.of))


@router.post("/v1/grant-reports/{report_id}/query", response_model=Report, **needs("grant_reports:write"))
async def query_report(report_id: ReportId, body: Question, call: Call) -> Response:
    """Ask the group about its report. It may change it until it submits it again."""
    return tagged(await call.write(domain.query_report, call.principal, report_id, body.question, answer=Report.of))


@router.post("/v1/grant-reports/{report_id}/waive", response_model=Report, **needs("grant_reports:write"))
async def waive_report(report_id: ReportId, body: Waiver, call: Call) -> Response:
    """Ask for a report no longer, for a reason."""
    return tagged(await call.write(domain.waive_report, call.principal, report_id, body.reason, answer=Report.of))


@router.get("/v1/awards/{award_id}/measures", **needs("awards:read"))
async def get_measures(award_id: AwardId, call: Call, response: Response) -> AwardMeasures:
    """The published versions of measures that the reports of an award have figures of. Its `ETag` is the award's."""
    shown = AwardMeasures.of(await call.read(domain.measures_of, award_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.put("/v1/awards/{award_id}/measures", response_model=AwardMeasures, **needs("awards:write"))
async def set_measures(award_id: AwardId, body: CountedMeasures, call: Call, expected: Expected) -> Response:
    """Have the reports of an award have figures of these versions of measures, and of no others.

    403 `not_delegated` where another organisation administers the fund; 422 `unknown_measure_version` for each that
    was not published, nor taken out of the commons, in this movement.
    """
    step = held_to(call.principal, Power.ADMINISTER, of_award(award_id), domain.set_measures)
    return tagged(await call.write(step, award_id, body.measures, expected, answer=AwardMeasures.of))


@router.get("/internal/grant-reports/{report_id}", response_model=Report, **needs("grant_reports:read"))
async def tell_report(report_id: ReportId, call: Call) -> Report:
    """An accepted report, for the measures service, which is told by an event that there is one."""
    return Report.of(await call.read(domain.get_report, report_id))
