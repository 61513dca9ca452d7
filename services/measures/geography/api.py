"""Routes of hierarchies, of changes, and of what follows from them."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import Body, Query, Response

from services.measures.fields import ImportId, MeasureId, VersionId
from services.measures.geography import domain, estimating
from services.measures.geography.importing import import_changes, import_hierarchies
from services.measures.geography.schemas import Change, Crosswalk, Estimates, Hierarchies, Places
from services.measures.imports.domain import list_faults, read_report
from services.measures.imports.models import Kind
from services.measures.imports.schemas import ImportQuery, ImportReport, RowFault
from services.measures.observations.models import EVERYBODY
from services.measures.places.schemas import Place
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["places"])
Csv = Annotated[bytes, Body(media_type="text/csv", description="A CSV file in UTF-8, with a header.")]
Hierarchy = Annotated[str, Query(max_length=40, description="By which hierarchy.")]
On = Annotated[date | None, Query(description="On which day; today.")]


class Noun(StrEnum):
    """Of what a file was."""

    HIERARCHIES = "hierarchies"
    CHANGES = "changes"

    @property
    def kind(self) -> Kind:
        """The same, as imports keep it."""
        return Kind(f"places/{self.value}")


class Towards(StrEnum):
    """Which way a crosswalk goes."""

    BECAME = "became"
    MADE_OF = "made_of"


@router.post(
    "/v1/places/hierarchies/imports", status_code=201, response_model=ImportReport,
    **needs("places:write", platform=True),
)  # fmt: skip
async def import_hierarchies_csv(call: Call, query: Annotated[ImportQuery, Query()], file: Csv = b"") -> Response:
    """Say from a CSV file in what places lie: `place`, `hierarchy`, `parent`, and from when to when.

    A place lies in one parent a day of each hierarchy. Every bad row is named: `unknown_place`, `overlap`, `cycle`.
    """
    return await import_hierarchies(call, query, file)


@router.post(
    "/v1/places/changes/imports", status_code=201, response_model=ImportReport, **needs("places:write", platform=True)
)
async def import_changes_csv(call: Call, query: Annotated[ImportQuery, Query()], file: Csv = b"") -> Response:
    """Say from a CSV file what became of places: `kind` (merged, split, renamed, boundary), `on`, `place`, `to`.

    `weight` (a decimal or a fraction; 1 where left out) is the share of the place that became part of the other, by
    its `basis`. All rows of a place on a day sum to exactly 1, else `weights_do_not_sum`; a file says all of it anew.
    No figure moves: what was reported for a place stays with it.
    """
    return await import_changes(call, query, file)


@router.get(
    "/v1/places/{noun}/imports/{import_id}", response_model=ImportReport, **needs("places:write", platform=True)
)
async def read_geography_import(call: Call, noun: Noun, import_id: ImportId) -> ImportReport:
    """What became of a file of hierarchies or changes, with the first 100 faults."""
    return ImportReport.of(await call.read_by_key(read_report, import_id, noun.kind))


@router.get(
    "/v1/places/{noun}/imports/{import_id}/faults", response_model=Page[RowFault],
    **needs("places:write", platform=True),
)  # fmt: skip
async def list_geography_import_faults(call: Call, noun: Noun, import_id: ImportId, paging: Paging) -> Page[RowFault]:
    """Every fault of a file of hierarchies or changes, by row."""
    after = int(paging.after[0]) if paging.after else 0
    faults = await call.read(list_faults, import_id, noun.kind, after, paging.fetch)
    return paging.page(faults, RowFault.of, lambda fault: (fault.number,))


@router.get("/v1/places/hierarchies", response_model=Hierarchies, **needs("places:read"))
async def list_hierarchies(call: Call) -> Hierarchies:
    """The names of all hierarchies that places lie in."""
    return Hierarchies(data=list(await call.read(domain.hierarchies)))


@router.get("/v1/places/changes", response_model=Page[Change], **needs("places:read"))
async def list_changes(
    call: Call,
    paging: Paging,
    place: Annotated[GssCode | None, Query(description="only those that it has a part in")] = None,
) -> Page[Change]:
    """What became of places, by day."""
    after = None if paging.after is None else tuple(map(str, paging.after))
    rows = await call.read(domain.list_changes, place, after, paging.fetch)
    return paging.page(rows, Change.of, lambda row: (row.on, row.place, row.to))


@router.get("/v1/places/{code}/ancestors", response_model=Places, **needs("places:read"))
async def list_ancestors(call: Call, code: GssCode, hierarchy: Hierarchy = domain.MAIN, on: On = None) -> Places:
    """In what the place lies on a day, from the nearest to the whole."""
    found = await call.read(domain.ancestors, code, hierarchy, on)
    return Places(data=[Place.of(row) for row in found])


@router.get("/v1/places/{code}/children", response_model=Places, **needs("places:read"))
async def list_children(call: Call, code: GssCode, hierarchy: Hierarchy = domain.MAIN, on: On = None) -> Places:
    """What lies in the place on a day, by code."""
    found = await call.read(domain.children, code, hierarchy, on)
    return Places(data=[Place.of(row) for row in found])


@router.get("/v1/places/{code}/crosswalk", response_model=Crosswalk, **needs("places:read"))
async def read_crosswalk(
    call: Call,
    code: GssCode,
    since: Annotated[date, Query(alias="from", description="the earlier day")],
    until: Annotated[date | None, Query(alias="to", description="the later day; today")] = None,
    towards: Annotated[Towards, Query(description="`became`: where it lies now. `made_of`: what lies in it.")] = (
        Towards.BECAME
    ),
) -> Crosswalk:
    """What share of a place of one day lies in which others on a later one: `became` sums to exactly 1.

    `made_of` answers shares of the other places, of which this one was made.
    """
    query = domain.became if towards is Towards.BECAME else domain.made_of
    return Crosswalk.of(await call.read(query, code, since, until))


@router.get("/v1/measures/{measure}/estimates", response_model=Estimates, **needs("observations:read"))
async def read_estimates(
    call: Call,
    measure: MeasureId,
    place: Annotated[GssCode, Query(description="where, by its boundaries on the day")],
    first: Annotated[str, Query(alias="from", max_length=20, description="the first period", examples=["2019/20"])],
    last: Annotated[str, Query(alias="to", max_length=20, description="the last period", examples=["2023/24"])],
    version: Annotated[VersionId | None, Query(description="left out, the newest published version")] = None,
    cell: Annotated[str, Query(max_length=500, description="the group; `all` is everybody")] = EVERYBODY,
    reporter: Annotated[str | None, Query(max_length=60, description="whose figures; the movement's own")] = None,
    on: Annotated[date | None, Query(description="the day whose boundaries are meant; today")] = None,
) -> Estimates:
    """The measure at a place of one day, read over the changes of places before it; no figure moves.

    Where the place has a figure of its own, it is that; else it is made of those of which the place was made, and
    marked `estimated` where it took shares of them. A published percentage without its counts cannot be shared out.
    """
    wanted = estimating.Wanted(place, first, last, version, cell, reporter, on)
    return Estimates.of(await call.read(estimating.read_estimates, measure, wanted))
