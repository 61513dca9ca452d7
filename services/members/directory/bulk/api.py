"""The route of bulk changes."""

from fastapi import Response

from services.members.directory.bulk import domain
from services.members.directory.bulk.schemas import NewBulk
from shared.calls import Call
from shared.jobs import domain as jobs
from shared.jobs.schemas import Job
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1", tags=["Bulk changes"])


@router.post("/people/bulk", status_code=202, response_model=Job, **needs("people:write"))
async def change_people(body: NewBulk, call: Call) -> Response:
    """Tag, untag or set custom fields of many people, in a job: up to 10,000 ids, or whom a segment finds now.

    `/v1/jobs/{id}` says how far it is. Cancelled, it stops where it is: what was done stays done.
    """
    return await call.write(domain.ask, jobs.id_for("members"), body, answer=Job.of)
