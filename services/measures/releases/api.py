"""Routes of releases: how figures leave the movement."""

import asyncio

from fastapi import Request, Response

from services.measures.fields import MeasureId, ReleaseId
from services.measures.releases import domain, planning
from services.measures.releases.answers import CannotBeProtected, file_of
from services.measures.releases.models import Audience, ReleaseStatus
from services.measures.releases.schemas import (
    NewRelease,
    Release,
    ReleaseChanges,
    SuppressionPlan,
    Verification,
    Withdrawal,
)
from shared.calls import Call
from shared.disclosure import Unprotected
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["releases"])


@router.post("/v1/releases", status_code=201, response_model=Release, **needs("releases:write"))
async def draft_release(body: NewRelease, call: Call) -> Response:
    """Say what is to be published of a measure version: which figures, known by when, to whom, and by which rule.

    422 names each of `unknown_version`, `unknown_profile`, `unknown_place`, `invalid_period`, `in_the_future` and
    `unknown_release` by its pointer; 409 `version_not_published` for a draft.
    """
    return tagged(await call.write(domain.draft, body, call.parts.settings.disclosure_profile, answer=Release.of))


@router.get("/v1/releases", response_model=Page[Release], **needs("releases:read"))
async def list_releases(
    call: Call,
    paging: Paging,
    measure: MeasureId | None = None,
    status: ReleaseStatus | None = None,
    audience: Audience | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Release]:
    """Releases in the order in which they were drafted. An organisation's key sees those that were published."""
    found = await call.read(
        domain.list_releases, measure=measure, status=status, audience=audience, updated_since=updated_since,
        after=paging.after_id, limit=paging.fetch,
    )  # fmt: skip
    return paging.page(found, Release.of, lambda release: (release.id,))


@router.get("/v1/releases/{release}", response_model=Release, **needs("releases:read"))
async def read_release(release: ReleaseId, call: Call, response: Response) -> Release:
    """One release: one that is superseded says by which, one that is withdrawn says why."""
    shown = Release.of(await call.read_by_key(domain.read, release))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/releases/{release}", response_model=Release, **needs("releases:write"))
async def change_release(release: ReleaseId, body: ReleaseChanges, call: Call, expected: Expected) -> Response:
    """Say otherwise what a release is, before it is published: 409 `wrong_status` after."""
    return tagged(await call.write(domain.change, release, body, expected, answer=Release.of))


@router.delete("/v1/releases/{release}", status_code=204, response_model=None, **needs("releases:write"))
async def drop_release(release: ReleaseId, call: Call, expected: Expected) -> Response:
    """Drop a draft. What was published is withdrawn instead."""
    return await call.write(domain.drop, release, expected, answer=None)


@router.post("/v1/releases/{release}/check", response_model=Release, **needs("releases:write"))
async def check_release(release: ReleaseId, call: Call, expected: Expected) -> Response:
    """Find the cheapest figures to hide, and attack the result with everything that was ever published of the measure.

    409 `cannot_be_protected` where no choice withstands it, with the figure that would be told and why; the release
    stays where it was.
    """
    gathered = await call.read(domain.gather, release)
    try:
        plan = await asyncio.to_thread(planning.plan, gathered)  # HiGHS lets go of the interpreter's lock
    except Unprotected as refused:
        raise CannotBeProtected.by(refused) from None
    return tagged(await call.write(domain.check, release, gathered, plan, expected, answer=Release.of))


@router.post("/v1/releases/{release}/publish", response_model=Release, **needs("releases:write"))
async def publish_release(release: ReleaseId, call: Call, expected: Expected) -> Response:
    """Make a checked release public, and supersede the one that it names.

    409 `check_again` where something else of the measure was published since the check.
    """
    return tagged(await call.write(domain.publish, release, expected, answer=Release.of))


@router.post("/v1/releases/{release}/withdraw", response_model=Release, **needs("releases:write"))
async def withdraw_release(release: ReleaseId, body: Withdrawal, call: Call, expected: Expected) -> Response:
    """Show a release no more, and say why. Later plans reckon with what it showed all the same."""
    return tagged(await call.write(domain.withdraw, release, body.because, expected, answer=Release.of))


@router.get("/v1/releases/{release}/plan", response_model=SuppressionPlan, **needs("releases:read"))
async def read_release_plan(release: ReleaseId, call: Call) -> SuppressionPlan:
    """Which figures a release hides and by which rule; never what it hides, nor which of them are small."""
    return SuppressionPlan.of(await call.read(domain.read_plan, release))


@router.get("/v1/releases/{release}/verification", response_model=Verification, **needs("releases:read"))
async def verify_release(release: ReleaseId, call: Call) -> Verification:
    """Make every file of a release again from the observations, and compare it with what was published."""
    return Verification.of(await call.read(domain.verify, release))


@router.get("/v1/releases/{release}/data.csv", **needs("releases:read", file="text/csv"))
async def read_release_csv(release: ReleaseId, request: Request, call: Call) -> Response:
    """The figures of a release as CSV, byte for byte as they were when it was checked, whatever was corrected since.

    410 `withdrawn` where it was withdrawn, with the reason.
    """
    return file_of(request, await call.read(domain.make, release, "csv"), "csv")


@router.get("/v1/releases/{release}/data.json", **needs("releases:read", file="application/json"))
async def read_release_json(release: ReleaseId, request: Request, call: Call) -> Response:
    """The same as JSON, with what it is of and by which rule it was made."""
    return file_of(request, await call.read(domain.make, release, "json"), "json")
