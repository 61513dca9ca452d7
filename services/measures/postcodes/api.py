"""Routes of postcode directories."""

from typing import Annotated

from fastapi import Path, Query, Response

from services.measures.postcodes import domain
from services.measures.postcodes.schemas import Directories, Directory, LoadQuery, PostcodeAreas
from shared.calls import Call
from shared.jobs import domain as jobs
from shared.jobs import files
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1/places/postcodes", tags=["places"])


@router.post(
    "/directories", status_code=202, response_model=Directory,
    **needs("places:write", platform=True, large_body="text/csv"),
)  # fmt: skip
async def load_directory(call: Call, query: Annotated[LoadQuery, Query()]) -> Response:
    """Load an edition of a postcode directory, such as the ONSPD, from its CSV file, in a job.

    `/v1/jobs/{id}` says how far it is and `…/faults` what is wrong. Nobody sees it before it is loaded as a whole.
    409 `edition_taken` where it is there already. It is shared by all movements: only the platform loads one.
    """
    job = jobs.id_for("measures")
    return await files.asked_with(call, job, lambda: call.write(domain.ask, job, query, answer=Directory.of))


@router.get("/directories", response_model=Directories, **needs("places:read"))
async def list_directories(call: Call) -> Directories:
    """Every edition, the one that was loaded last first."""
    return Directories(data=[Directory.of(each) for each in await call.read(domain.list_directories)])


@router.get("/{postcode}", response_model=PostcodeAreas, **needs("places:read"))
async def look_up_postcode(
    call: Call,
    postcode: Annotated[str, Path(max_length=10, examples=["GL1 1AA"])],
    edition: Annotated[str | None, Query(max_length=60, description="else the one loaded last")] = None,
) -> PostcodeAreas:
    """In which areas a postcode lies, however it is written, by an edition. Nothing of who asked is kept."""
    return PostcodeAreas.of(await call.read(domain.look_up, postcode, edition))
