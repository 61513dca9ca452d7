"""Routes of places."""

from typing import Annotated

from fastapi import Body, Query, Response

from services.measures.fields import ImportId
from services.measures.imports.domain import list_faults, read_report
from services.measures.imports.models import Kind
from services.measures.imports.schemas import ImportQuery, ImportReport, RowFault
from services.measures.places import domain
from services.measures.places.importing import import_places
from services.measures.places.schemas import Place
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["places"])
Csv = Annotated[bytes, Body(media_type="text/csv", description="A CSV file in UTF-8, with a header.")]


@router.post("/v1/places/imports", status_code=201, response_model=ImportReport, **needs("places:write", platform=True))
async def import_places_csv(call: Call, query: Annotated[ImportQuery, Query()], file: Csv = b"") -> Response:
    """Add and update places from a CSV file.

    Columns: `code` (GSS), `name` and `kind` are needed; `parent` (a code), `valid_from` and `valid_to` (days) are not.
    A known place is updated, so the same file again changes nothing. Every bad row is named by row and column; a file
    with one is refused with 422 unless `on_error=skip`. A dry run answers 200 with what would happen. Places are
    shared by all movements: the scope is for whoever runs the platform.
    """
    return await import_places(call, query, file)


@router.get("/v1/places/imports/{import_id}", response_model=ImportReport, **needs("places:write", platform=True))
async def read_places_import(call: Call, import_id: ImportId) -> ImportReport:
    """What became of a file of places, with the first 100 faults."""
    return ImportReport.of(await call.read_by_key(read_report, import_id, Kind.PLACES))


@router.get(
    "/v1/places/imports/{import_id}/faults", response_model=Page[RowFault], **needs("places:write", platform=True)
)
async def list_places_import_faults(call: Call, import_id: ImportId, paging: Paging) -> Page[RowFault]:
    """Every fault of a file of places, by row."""
    after = int(paging.after[0]) if paging.after else 0
    faults = await call.read(list_faults, import_id, Kind.PLACES, after, paging.fetch)
    return paging.page(faults, RowFault.of, lambda fault: (fault.number,))


@router.get("/v1/places", response_model=Page[Place], **needs("places:read"))
async def list_places(
    call: Call,
    paging: Paging,
    q: Annotated[
        str | None,
        Query(min_length=1, max_length=100, description="A part of the name, or how the code starts."),
    ] = None,
    kind: Annotated[
        str | None, Query(max_length=60, description="Only places of this kind, such as `district`.")
    ] = None,
) -> Page[Place]:
    """Places by code."""
    after = str(paging.after[0]) if paging.after else None
    places = await call.read(domain.list_places, q, kind, after, paging.fetch)
    return paging.page(places, Place.of, lambda place: (place.code,))


@router.get("/v1/places/{code}", response_model=Place, **needs("places:read"))
async def read_place(call: Call, code: GssCode) -> Place:
    """One place."""
    return Place.of(await call.read_by_key(domain.read_place, code))
