"""The index of a movement's files, in the shape of 360Giving's own registry: an entry a funder, with its files."""

from datetime import datetime

from pydantic import Field

from services.grants.open_data.publishing.domain import Published
from services.grants.open_data.standard.packages import LICENCES
from shared.fields import View
from shared.opened import OpenedTo


class Distribution(View):
    """One file."""

    download_url: str = Field(alias="downloadURL")
    access_url: str = Field(alias="accessURL")
    title: str


class DataPublisher(View):
    """Who answers for the files."""

    name: str
    org_id: str | None
    website: str | None
    prefix: str


class Entry(View):
    """The grants of one funder."""

    title: str
    description: str
    identifier: str
    license: str
    license_name: str
    issued: str
    modified: datetime | None
    publisher: DataPublisher
    grants: int = Field(description="How many there are.")
    distribution: list[Distribution]


class Catalogue(View):
    """Every file that stands open."""

    data: list[Entry]


def address(opened: OpenedTo, funder: str, form: str) -> str:
    """Where the file of a funder is, as `json` or as `csv`."""
    return opened.address(f"360giving/{funder}/grants.{form}")


def catalogue(opened: OpenedTo, found: Published) -> Catalogue:
    """The files that stand open now: none before the movement says under which prefix it publishes."""
    return Catalogue(data=[_entry(opened, found, funder, name) for funder, name in sorted(found.funders.items())])


def _entry(opened: OpenedTo, found: Published, funder: str, name: str) -> Entry:
    settings, grants = found.settings, found.grants[funder]
    files = [(form, address(opened, funder, form)) for form in ("json", "csv")]
    return Entry(
        title=f"Grants of {name}",
        description=f"Grants of {name}, published by {settings.publisher or opened.name}.",
        identifier=funder,
        license=settings.licence,
        license_name=LICENCES[settings.licence],
        issued=min(str(grant["awardDate"]) for grant in grants),
        modified=found.changed_at,
        publisher=DataPublisher(
            name=settings.publisher or opened.name,
            org_id=settings.publisher_identifier,
            website=settings.website,
            prefix=f"360G-{settings.prefix}",
        ),
        grants=len(grants),
        distribution=[
            Distribution(
                downloadURL=there, accessURL=opened.address("360giving"), title=f"Grants of {name} as {form.upper()}"
            )
            for form, there in files
        ],
    )
