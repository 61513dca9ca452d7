"""Routes of imports of people."""

from typing import Annotated

from fastapi import Query, Response

from services.members.directory.imports import domain
from services.members.directory.imports.schemas import Import, ImportQuery
from shared.calls import Call
from shared.ids import Id
from shared.jobs import domain as jobs
from shared.jobs import files
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Imports"])

ImportId = Annotated[str, Id("members_job")]


@router.post("/imports", status_code=202, response_model=Import, **needs("imports:write", large_body="text/csv"))
async def import_people(call: Call, query: Annotated[ImportQuery, Query()]) -> Response:
    """Import people from a CSV file, in a job: `/v1/jobs/{id}` says how far it is, `…/faults` what is wrong.

    The file is checked as a whole before anybody is written, and the new people are there all at once. Each row names
    the person by an id of the system that it comes from (`external_id.<system>`); the same file again changes nothing.
    Meanings of columns: `given_name`, `family_name`, `known_as`, `email`, `phone`, `postcode`, `languages`, `age_band`,
    `date_of_birth`, `contact_preference`, `access_needs`, `interests`, `skills`, `tags`, `external_id.<system>`,
    `permission.<purpose>.<channel>`, `custom.<key>`.
    """
    job = jobs.id_for("members")
    return await files.asked_with(call, job, lambda: call.write(domain.ask, job, query, answer=Import.of))


@router.get("/imports/{job}", response_model=Import, **needs("imports:read"))
async def read_import(job: ImportId, call: Call) -> Import:
    """An import: where the file came from, and the job that takes it."""
    return Import.of(await call.read_by_key(domain.read, job))


@router.get("/imports", response_model=Page[Import], **needs("imports:read"))
async def list_imports(call: Call, paging: Paging) -> Page[Import]:
    """Imports in the order in which they were asked for."""
    rows = await call.read(domain.list_imports, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Import.of, lambda found: (found[0].id,))
