"""The catalogue of what a movement opened: the words of DCAT 3 (W3C Recommendation, 22 August 2024) as JSON-LD."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from services.measures.releases import files, models
from services.measures.releases.models import ReleaseStatus
from shared.fields import View
from shared.opened import OpenedTo

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
}


class _Linked(View):
    model_config = ConfigDict(populate_by_name=True)


class Checksum(_Linked):
    """What the file's bytes come to."""

    algorithm: Literal["SHA-256"] = Field("SHA-256", alias="spdx:algorithm")
    value: str = Field(alias="spdx:checksumValue")


class Distribution(_Linked):
    """One file of a release."""

    type: Literal["dcat:Distribution"] = Field("dcat:Distribution", alias="@type")
    url: str = Field(alias="dcat:downloadURL")
    media_type: str = Field(alias="dcat:mediaType")
    checksum: Checksum = Field(alias="spdx:checksum")


class Dataset(_Linked):
    """One release."""

    context: dict[str, str] = Field(_CONTEXT, alias="@context")
    id: str = Field(alias="@id")
    type: Literal["dcat:Dataset"] = Field("dcat:Dataset", alias="@type")
    identifier: str = Field(alias="dct:identifier")
    title: str = Field(alias="dct:title")
    description: str = Field(alias="dct:description")
    publisher: str = Field(alias="dct:publisher")
    issued: datetime | None = Field(alias="dct:issued")
    modified: datetime = Field(alias="dct:modified")
    as_of: datetime = Field(alias="dct:valid", description="The cut-off: what became known later is not in it.")
    status: ReleaseStatus = Field(alias="adms:status")
    withdrawn_because: str = Field(alias="adms:versionNotes")
    superseded_by: str | None = Field(alias="dct:isReplacedBy")
    supersedes: str | None = Field(alias="dct:replaces")
    measure: str
    measure_version: str
    profile: str = Field(description="The disclosure profile that it follows, and its version.")
    figures: int
    hidden: int
    plan: str = Field(description="Which figures are hidden, and by which rule.")
    distribution: list[Distribution] = Field(alias="dcat:distribution")


class Catalogue(_Linked):
    """Everything that stands open."""

    context: dict[str, str] = Field(_CONTEXT, alias="@context")
    id: str = Field(alias="@id")
    type: Literal["dcat:Catalog"] = Field("dcat:Catalog", alias="@type")
    title: str = Field(alias="dct:title")
    dataset: list[Dataset] = Field(alias="dcat:dataset")


def catalogue(opened: OpenedTo, releases: Sequence[models.Release]) -> Catalogue:
    """The releases that stand, newest first."""
    return Catalogue(
        id=opened.address("measures"), title=f"Measures of {opened.name}",
        dataset=[dataset(opened, release) for release in releases],
    )  # fmt: skip


def dataset(opened: OpenedTo, release: models.Release) -> Dataset:
    """One release with the addresses of its files; none where it was withdrawn."""
    here = _address(opened, release.id)
    plan = release.plan
    return Dataset(
        id=here, identifier=release.id, title=release.title, description=release.note, publisher=opened.name,
        issued=release.published_at, modified=release.updated_at, as_of=release.as_of,
        status=ReleaseStatus(release.status), withdrawn_because=release.withdrawn_because,
        superseded_by=release.superseded_by and _address(opened, release.superseded_by),
        supersedes=release.supersedes and _address(opened, release.supersedes), measure=release.measure,
        measure_version=release.measure_version, profile=f"{release.profile}/{release.profile_number}",
        figures=0 if plan is None else plan["figures"], hidden=0 if plan is None else len(plan["withheld"]),
        plan=f"{here}/plan", distribution=_files(here, release),
    )  # fmt: skip


def _files(here: str, release: models.Release) -> list[Distribution]:
    if release.status == ReleaseStatus.WITHDRAWN:
        return []
    return [
        Distribution(
            url=f"{here}/data.{name}", media_type=files.MEDIA_TYPES[name].partition(";")[0],
            checksum=Checksum(value=checksum),
        )
        for name, checksum in (release.hashes or {}).items()
    ]  # fmt: skip


def _address(opened: OpenedTo, release: str) -> str:
    return opened.address(f"measures/releases/{release}")
