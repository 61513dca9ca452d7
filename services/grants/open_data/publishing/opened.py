"""Open routes of 360Giving: what a movement gave, live, without a key: an index, and one file a funder."""

from typing import Annotated

from fastapi import Path, Request, Response

from services.grants.open_data.publishing import domain
from services.grants.open_data.publishing.catalogue import Catalogue, address, catalogue
from services.grants.open_data.publishing.domain import Published
from services.grants.open_data.publishing.grants import Grant, instant
from services.grants.open_data.standard import packages
from shared import csv_out
from shared.conditional import conditional
from shared.errors import NotFound
from shared.opened import Opened, OpenedTo, openly
from shared.routing import Router

router = Router(prefix="/open/{movement}/360giving", tags=["open data"])

Funder = Annotated[str, Path(max_length=160, description="a funder's identifier", examples=["GB-CHC-1165512"])]


@router.get("", response_model=Catalogue, **openly())
async def read_grants_catalogue(request: Request, opened: Opened) -> Response:
    """The files of every funder whose grants the movement publishes, with who answers for them and under which licence.

    It is live: a change of an award stands in the file at once, and `ETag` and `Last-Modified` tell of it.
    """
    found = await opened.call.read(domain.published, opened.address("360giving"))
    content = catalogue(opened, found).model_dump_json(by_alias=True).encode()
    return conditional(request, content, modified=found.changed_at)


@router.get("/{funder}/grants.json", **openly(file="application/json"))
async def read_grants_json(funder: Funder, request: Request, opened: Opened) -> Response:
    """The grants of one funder as a 360Giving 1.4 package: contributions to be granted on, and awards."""
    found, grants = await _of(opened, funder)
    content = packages.as_json(grants, _about(opened, found, funder))
    return conditional(request, content, modified=found.changed_at)


@router.get("/{funder}/grants.csv", **openly(file="text/csv"))
async def read_grants_csv(funder: Funder, request: Request, opened: Opened) -> Response:
    """The same grants as a spreadsheet, headed by the standard's titles."""
    found, grants = await _of(opened, funder)
    return conditional(request, packages.as_csv(grants), csv_out.MEDIA_TYPE, modified=found.changed_at)


async def _of(opened: OpenedTo, funder: str) -> tuple[Published, list[Grant]]:
    found = await opened.call.read(domain.published, opened.address("360giving"))
    grants = found.grants.get(funder)
    if not grants:
        raise NotFound("the movement publishes no grants of this funder")
    return found, list(grants)


def _about(opened: OpenedTo, found: Published, funder: str) -> dict[str, object]:
    settings = found.settings
    name = settings.publisher or opened.name
    publisher = {"name": name, "identifier": settings.publisher_identifier, "website": settings.website}
    return {
        "title": f"Grants of {found.funders[funder]}",
        "description": f"Grants of {found.funders[funder]}, published by {name}.",
        "identifier": f"360G-{settings.prefix}-{funder}",
        "license": settings.licence,
        "publisher": {field: value for field, value in publisher.items() if value is not None},
        "issued": min(str(grant["awardDate"]) for grant in found.grants[funder]),
        **({} if found.changed_at is None else {"modified": instant(found.changed_at)}),
        "downloadURL": address(opened, funder, "json"),
        "accessURL": opened.address("360giving"),
    }
