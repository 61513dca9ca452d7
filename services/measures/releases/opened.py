"""Open routes: what a movement published to everybody, without a key: a catalogue, the data, and the plan of each."""

from fastapi import Request, Response
from pydantic import BaseModel

from services.measures.fields import ReleaseId
from services.measures.releases import domain
from services.measures.releases.answers import file_of
from services.measures.releases.catalogue import Catalogue, Dataset, catalogue, dataset
from services.measures.releases.schemas import SuppressionPlan
from shared.conditional import conditional
from shared.opened import Opened, openly
from shared.routing import Router

router = Router(prefix="/open/{movement}/measures", tags=["open measures"])


@router.get("", response_model=Catalogue, **openly())
async def read_catalogue(request: Request, opened: Opened) -> Response:
    """Every release that stands, as a catalogue in the words of DCAT 3: each a dataset with its files."""
    found = await opened.call.read(domain.list_opened)
    return _answer(request, catalogue(opened, found))


@router.get("/releases/{release}", response_model=Dataset, **openly())
async def read_open_release(release: ReleaseId, request: Request, opened: Opened) -> Response:
    """One release: one that is superseded says by which, one that was withdrawn says why."""
    return _answer(request, dataset(opened, await opened.call.read(domain.read_opened, release)))


@router.get("/releases/{release}/plan", response_model=SuppressionPlan, **openly())
async def read_open_plan(release: ReleaseId, request: Request, opened: Opened) -> Response:
    """Which figures the release hides, and by which rule; never what it hides, nor which of them are small."""
    return _answer(request, SuppressionPlan.of(await opened.call.read(domain.read_opened_plan, release)))


@router.get("/releases/{release}/data.csv", **openly(file="text/csv"))
async def read_open_csv(release: ReleaseId, request: Request, opened: Opened) -> Response:
    """The figures as CSV. A hidden one has no value, and the status `suppressed`."""
    return file_of(request, await opened.call.read(domain.make_opened, release, "csv"), "csv")


@router.get("/releases/{release}/data.json", **openly(file="application/json"))
async def read_open_json(release: ReleaseId, request: Request, opened: Opened) -> Response:
    """The same as JSON, with what it is of and by which rule it was made."""
    return file_of(request, await opened.call.read(domain.make_opened, release, "json"), "json")


def _answer(request: Request, content: BaseModel) -> Response:
    return conditional(request, content.model_dump_json(by_alias=True).encode())
