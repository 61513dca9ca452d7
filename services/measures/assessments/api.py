"""Routes of assessments, and of how they spread over their framework."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.measures.assessments import domain, rolling_up
from services.measures.assessments.models import Standing, State
from services.measures.assessments.rolled_up import RollUp
from services.measures.assessments.schemas import (
    Assessment,
    AssessmentChanges,
    AssessmentId,
    NewAssessment,
    Withdrawal,
)
from services.measures.assessments.store import Chosen
from services.measures.fields import Key, OrganisationId, ProgrammeId
from services.measures.frameworks.schemas import FrameworkKey
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.fields import GssCode
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1", tags=["assessments"])


@router.post("/assessments", status_code=201, response_model=Assessment, **needs("assessments:write"))
async def draft_assessment(body: NewAssessment, call: Call) -> Response:
    """Begin to judge the movement, or a place, a programme or an organisation, by a framework as it is now."""
    return tagged(await call.write(domain.draft, body, answer=Assessment.of))


@router.get("/assessments", response_model=Page[Assessment], **needs("assessments:read"))
async def list_assessments(
    call: Call,
    paging: Paging,
    framework: Key | None = None,
    place: GssCode | None = None,
    programme: ProgrammeId | None = None,
    organisation: OrganisationId | None = None,
    standing: Standing | None = None,
    state: State | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Assessment]:
    """Assessments in the order in which they were made."""
    chosen = Chosen(framework, place, programme, None, standing, state, updated_since)
    shown = await call.read(
        domain.list_assessments, chosen=chosen, organisation=organisation, after=paging.after_id, limit=paging.fetch
    )
    return paging.page(shown, Assessment.of, lambda each: (each.assessment.id,))


@router.get("/assessments/{assessment}", response_model=Assessment, **needs("assessments:read"))
async def read_assessment(assessment: AssessmentId, call: Call, response: Response) -> Assessment:
    """One assessment: every element of its framework, those that were not judged being blank."""
    shown = Assessment.of(await call.read(domain.read, assessment))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/assessments/{assessment}", response_model=Assessment, **needs("assessments:write"))
async def change_assessment(
    assessment: AssessmentId, body: AssessmentChanges, call: Call, expected: Expected
) -> Response:
    """Change a draft (409 `not_a_draft`)."""
    return tagged(await call.write(domain.change, assessment, body, expected, answer=Assessment.of))


@router.post("/assessments/{assessment}/complete", response_model=Assessment, **needs("assessments:write"))
async def complete_assessment(assessment: AssessmentId, call: Call, expected: Expected) -> Response:
    """Have it stand, for ever as it is. 422 where nobody is named who judged, or a judgement rests on no evidence;
    the faults name the elements: `/findings/{element}/evidence`."""
    return tagged(await call.write(domain.complete, assessment, expected, answer=Assessment.of))


@router.post("/assessments/{assessment}/withdraw", response_model=Assessment, **needs("assessments:write"))
async def withdraw_assessment(assessment: AssessmentId, body: Withdrawal, call: Call, expected: Expected) -> Response:
    """Say that it does not stand, and why. It can still be read, and no roll-up counts it."""
    return tagged(await call.write(domain.withdraw, assessment, body.because, expected, answer=Assessment.of))


@router.get("/frameworks/{framework}/roll-up", response_model=RollUp, **needs("assessments:read"))
async def roll_up_assessments(
    framework: FrameworkKey,
    call: Call,
    place: GssCode | None = None,
    programme: ProgrammeId | None = None,
    organisation: OrganisationId | None = None,
    standing: Standing | None = None,
    on: Annotated[date | None, Query(description="as it was judged by this day")] = None,
) -> RollUp:
    """How the newest assessments of each subject spread over the framework: counts by level, and blanks; no score."""
    chosen = Chosen(framework, place, programme, None, standing)
    day = None if on is None else on.isoformat()
    return RollUp.of(await call.read(rolling_up.roll_up, framework, chosen, organisation, day))
