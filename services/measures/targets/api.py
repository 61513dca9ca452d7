"""Routes of targets and baselines."""

from fastapi import Response

from services.measures.fields import TargetId, VersionId
from services.measures.targets import domain
from services.measures.targets.models import Kind
from services.measures.targets.schemas import NewTarget, Target, TargetChanges
from services.measures.targets.store import Chosen
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.fields import GssCode
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["targets"])


@router.post("/v1/targets", status_code=201, response_model=Target, **needs("targets:write"))
async def set_target(body: NewTarget, call: Call) -> Response:
    """Say what a figure is to be in a period, or (`baseline`) from which one it starts.

    It is held to its version like a figure: 422 names every fault, such as `place_did_not_exist` or `out_of_range`.
    409 `target_exists` where the same figure has one already.
    """
    return tagged(await call.write(domain.create, body, answer=Target.of))


@router.get("/v1/targets", response_model=Page[Target], **needs("targets:read"))
async def list_targets(
    call: Call,
    paging: Paging,
    measure_version: VersionId | None = None,
    place: GssCode | None = None,
    cell: str | None = None,
    kind: Kind | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Target]:
    """Targets and baselines in the order in which they were set."""
    chosen = Chosen(measure_version, place, cell, kind, updated_since)
    found = await call.read(domain.list_targets, chosen, paging.after_id, paging.fetch)
    return paging.page(found, Target.of, lambda shown: (shown.target.id,))


@router.get("/v1/targets/{target}", response_model=Target, **needs("targets:read"))
async def read_target(target: TargetId, call: Call, response: Response) -> Target:
    """One target, or baseline."""
    shown = Target.of(await call.read(domain.read, target))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/targets/{target}", response_model=Target, **needs("targets:write"))
async def change_target(target: TargetId, body: TargetChanges, call: Call, expected: Expected) -> Response:
    """Want another value, or say better why."""
    return tagged(await call.write(domain.change, target, body, expected, answer=Target.of))


@router.delete("/v1/targets/{target}", status_code=204, response_model=None, **needs("targets:write"))
async def drop_target(target: TargetId, call: Call, expected: Expected) -> Response:
    """Want it no longer."""
    return await call.write(domain.drop, target, expected, answer=None)
