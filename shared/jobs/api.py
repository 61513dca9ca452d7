"""The routes of a service's jobs. The gateway finds the service by the id: `members_job_01j…` is a job of members."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Header, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import StreamingResponse

from shared import csv_out
from shared.calls import Call, CallOf
from shared.ids import Id
from shared.jobs import domain, store
from shared.jobs.models import JobState
from shared.jobs.schemas import Job
from shared.needs import needs
from shared.routing import Router

_LOOK_AGAIN_SECONDS = 0.3

LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", description="the id of the last event that was received")
]


def router_of(service: str) -> Router:
    """The routes of the jobs of one service."""
    router = Router(prefix="/v1/jobs", tags=["Jobs"])
    JobId = Annotated[str, Id(f"{service}_job")]  # noqa: N806 - a type

    @router.get("/{job}", response_model=Job, **needs("jobs:read"))
    async def read_job(job: JobId, call: Call) -> Job:
        """A job: its state, how much is done, and what came of it."""
        return Job.of(await call.read_by_key(domain.read, job))

    @router.get("/{job}/progress", **needs("jobs:read", file="text/event-stream"))
    async def watch_job(job: JobId, call: Call, last_event_id: LastEventId = None) -> EventSourceResponse:
        """A job's progress as server-sent events: a `progress` event whenever it moves, the last one when it is over.

        Each event holds the job. `Last-Event-ID` goes on where a connection broke off.
        """
        await call.read_by_key(domain.read, job)
        return EventSourceResponse(_progress(call, job, last_event_id))

    @router.get("/{job}/faults", **needs("jobs:read", file="text/csv"))
    async def download_job_faults(job: JobId, call: Call) -> StreamingResponse:
        """Every fault that a job found, as CSV. Rows count from 1, the first one behind the header."""
        await call.read_by_key(domain.read, job)
        headers = {"content-disposition": f'attachment; filename="{job}-faults.csv"'}
        return StreamingResponse(_faults(call, job), media_type=csv_out.MEDIA_TYPE, headers=headers)

    @router.post("/{job}/cancel", status_code=202, response_model=Job, **needs("jobs:write"))
    async def cancel_job(job: JobId, call: Call) -> Response:
        """End a job after its present step; what it did is undone. One that can only be finished answers 409."""
        return await call.write(domain.cancel, job, answer=Job.of)

    return router


async def _progress(call: CallOf, job: str, last: str | None) -> AsyncIterator[ServerSentEvent]:
    while True:
        found = await call.parts.db.read_by_key(domain.read, call.movement, job)
        if found.moment != last:
            last = found.moment
            yield ServerSentEvent(Job.of(found).model_dump_json(), event="progress", id=last)
        if JobState(found.state).final:
            return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _faults(call: CallOf, job: str) -> AsyncIterator[bytes]:
    yield csv_out.lines([("row", "column", "pointer", "code", "reason")])
    after = 0
    while some := await call.parts.db.read(domain.faults, call.movement, job, after, store.FAULTS_A_SLICE):
        yield csv_out.lines((fault.row, fault.column, fault.pointer, fault.code, fault.reason) for _, fault in some)
        after = some[-1][0]
