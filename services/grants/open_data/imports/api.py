"""Routes of imports, and of the grants of other funders that they brought."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from starlette.responses import StreamingResponse

from services.grants.open_data.imports import domain
from services.grants.open_data.imports.schemas import ExternalGrant, GrantsImport, ImportQuery
from services.grants.open_data.imports.store import Wanted
from services.grants.open_data.standard import packages
from shared.calls import Call, CallOf
from shared.ids import Id
from shared.jobs import domain as jobs
from shared.jobs import files
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["open data"])

ImportId = Annotated[str, Id("grants_job")]
GrantId = Annotated[str, Id("extgrant")]
_A_SLICE = 200


def _wanted(
    funder: Annotated[str | None, Query(max_length=200, description="only of this funder's identifier")] = None,
    recipient: Annotated[str | None, Query(max_length=200, description="only to this recipient's")] = None,
    place: Annotated[str | None, Query(max_length=60, description="only for this place's code")] = None,
    awarded_from: Annotated[date | None, Query(description="only on this day or later")] = None,
    awarded_until: Annotated[date | None, Query(description="only on this day or before")] = None,
    valid: Annotated[bool | None, Query(description="only those that break no rule, or only the others")] = None,
    import_id: Annotated[ImportId | None, Query(alias="import", description="only what this import took")] = None,
) -> Wanted:
    return Wanted(funder, recipient, place, awarded_from, awarded_until, valid, import_id)


Filters = Annotated[Wanted, Depends(_wanted)]


@router.post(
    "/grants-imports",
    status_code=202,
    response_model=GrantsImport,
    **needs("grants_imports:write", large_body="application/octet-stream"),
)
async def import_grants(call: Call, query: Annotated[ImportQuery, Query()]) -> Response:
    """Import another funder's grants from a 360Giving file, JSON, CSV or XLSX, in a job.

    `/v1/jobs/{id}` says how far it is, `…/faults` every rule that each grant breaks. A grant that breaks one is taken
    all the same and says so; one without an identifier, or with an earlier one's, is not. What can mean one thing only
    is mended and listed (`Y` for `Yes`), and how a person is reached is left out. The same file again changes nothing.
    """
    job = jobs.id_for("grants")
    return await files.asked_with(call, job, lambda: call.write(domain.ask, job, query, answer=GrantsImport.of))


@router.get("/grants-imports", **needs("grants_imports:read"))
async def list_grants_imports(call: Call, paging: Paging) -> Page[GrantsImport]:
    """Imports in the order in which they were asked for."""
    rows = await call.read(domain.list_imports, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, GrantsImport.of, lambda found: (found[0].id,))


@router.get("/grants-imports/{job}", **needs("grants_imports:read"))
async def read_grants_import(job: ImportId, call: Call) -> GrantsImport:
    """An import: where the file came from, and the job that takes it."""
    return GrantsImport.of(await call.read_by_key(domain.read, job))


@router.get("/external-grants", **needs("external_grants:read"))
async def list_external_grants(call: Call, paging: Paging, wanted: Filters) -> Page[ExternalGrant]:
    """Grants that other funders published, in the order in which they were taken. They are no money of ours."""
    rows = await call.read(domain.list_grants, wanted, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, ExternalGrant.of, lambda found: (found.id,))


@router.get("/external-grants/360giving.json", **needs("external_grants:read", file="application/json"))
async def export_external_grants(call: Call, wanted: Filters) -> StreamingResponse:
    """These grants as one 360Giving package, as they were taken. `valid=true` makes it a valid one."""
    return StreamingResponse(_package(call, wanted), media_type="application/json")


@router.get("/external-grants/{grant_id}", **needs("external_grants:read"))
async def read_external_grant(grant_id: GrantId, call: Call) -> ExternalGrant:
    """A grant that another funder published, in the words of the standard, with the rules that it breaks."""
    return ExternalGrant.of(await call.read_by_key(domain.read_grant, grant_id))


async def _package(call: CallOf, wanted: Wanted) -> AsyncIterator[bytes]:
    yield f'{{"version": "{packages.VERSION}", "grants": ['.encode()
    after = ""
    while some := await call.read(domain.list_grants, wanted, after=after, limit=_A_SLICE):
        between = ", " if after else ""
        yield (between + ", ".join(json.dumps(each.grant, ensure_ascii=False) for each in some)).encode()
        after = some[-1].id
    yield b"]}"
