"""Routes of retention."""

from typing import Annotated

from fastapi import Path, Response

from services.members.fields import PersonId, Slug
from services.members.trust.retention import elsewhere, holds, rules, runs
from services.members.trust.retention.schemas import HoldId, NewHold, RetentionHold, RetentionRun, RunId, Settling
from services.members.trust.retention.shown import (
    RetentionElsewhere,
    RetentionKind,
    RetentionPreview,
    RetentionSchedule,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import DUTY

router = Router(prefix="/v1/retention", tags=["Retention"])

Key = Annotated[str, Path(max_length=60, description="the kind of record, such as `bookings`")]


@router.get("", response_model=RetentionSchedule, **needs("retention:read"))
async def read_retention_schedule(call: Call) -> RetentionSchedule:
    """The retention schedule: every kind of record that tells of people, how long it is kept, and by which source."""
    return RetentionSchedule.of(await call.read(rules.every))


@router.get("/elsewhere", response_model=RetentionElsewhere, **needs("retention:read"))
async def read_retention_elsewhere(call: Call) -> RetentionElsewhere:
    """How long the gateway, measures and grants keep what tells of people. One that is away is named in `missing`."""
    return RetentionElsewhere.of(await elsewhere.told(call.parts, call.movement))


@router.get("/runs", response_model=Page[RetentionRun], **needs("retention:read"))
async def list_retention_runs(call: Call, paging: Paging, kind: Slug | None = None) -> Page[RetentionRun]:
    """What was applied, in the order in which it began: the receipts. They name nobody."""
    rows = await call.read(runs.list_runs, kind=kind, after=paging.after, limit=paging.fetch)
    return paging.page(rows, RetentionRun.of, lambda run: (run.id,))


@router.get("/runs/{run}", response_model=RetentionRun, **needs("retention:read"))
async def read_retention_run(run: RunId, call: Call) -> RetentionRun:
    """One run: how far it is, or what it came to."""
    return RetentionRun.of(await call.read_by_key(runs.find, run))


@router.post("/runs/{run}/stop", response_model=RetentionRun, **needs("retention:write", user=True))
async def stop_retention_run(run: RunId, call: Call) -> Response:
    """Do no more of it. What it did is done, and stays in the receipt."""
    return await call.write(runs.stop, run, answer=RetentionRun.of)


@router.get("/holds", response_model=Page[RetentionHold], **needs("retention:read", shows=DUTY))
async def list_retention_holds(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    in_force: bool = False,
) -> Page[RetentionHold]:
    """What is held back, in the order in which it was placed."""
    rows = await call.read(holds.list_holds, person=person, in_force=in_force, after=paging.after, limit=paging.fetch)
    return paging.page(rows, RetentionHold.of, lambda hold: (hold.id,))


@router.post("/holds", status_code=201, response_model=RetentionHold, **needs("retention:write", user=True))
async def place_retention_hold(body: NewHold, call: Call) -> Response:
    """Hold records back although their period is over, as for a claim or an inquiry.

    Nobody on hold is erased by right either: that begins once the hold is lifted (409 `on_hold`).
    """
    return await call.write(holds.place, body, answer=RetentionHold.of)


@router.post("/holds/{hold}/lift", response_model=RetentionHold, **needs("retention:write", user=True))
async def lift_retention_hold(hold: HoldId, call: Call) -> Response:
    """Hold it back no longer (409 `already_lifted`)."""
    return await call.write(holds.lift, hold, answer=RetentionHold.of)


@router.get("/{kind}", response_model=RetentionKind, **needs("retention:read"))
async def read_retention_rule(kind: Key, call: Call, response: Response) -> RetentionKind:
    """One kind of record with its rule, and its `ETag`."""
    shown = RetentionKind.of(await call.read_by_key(rules.read, kind))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.put("/{kind}", response_model=RetentionKind, **needs("retention:write", user=True))
async def settle_retention_rule(kind: Key, body: Settling, call: Call, expected: Expected) -> Response:
    """Settle how long a kind is kept, and what is done then. Nothing is applied by it but by hand, unless `daily`."""
    return tagged(await call.write(rules.settle, kind, body, expected, answer=RetentionKind.of))


@router.get("/{kind}/preview", response_model=RetentionPreview, **needs("retention:read", shows=DUTY))
async def preview_retention_rule(kind: Key, call: Call, response: Response) -> RetentionPreview:
    """What the rule would do now: how many records, the oldest, some of their ids, what is held back and why."""
    shown = RetentionPreview.of(await call.read(runs.preview, kind))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/{kind}/runs", status_code=202, response_model=RetentionRun, **needs("retention:write", user=True))
async def apply_retention_rule(kind: Key, call: Call, expected: Expected) -> Response:
    """Apply the rule now, at the version that was previewed (`If-Match`). It cannot be undone.

    409 `run_under_way` while another one is, 409 `nothing_to_apply` where the rule is to look.
    """
    return await call.write(runs.apply, kind, expected, answer=RetentionRun.of)
