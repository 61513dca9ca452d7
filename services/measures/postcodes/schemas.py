"""Directories and postcodes as they are asked for and answered."""

from datetime import datetime
from typing import Annotated, NamedTuple, Self

from pydantic import Field

from services.measures.imports.models import OnError
from services.measures.postcodes import models
from services.measures.postcodes.models import DirectoryState
from shared.fields import Body, GssCode, View, line


class LoadQuery(Body):
    """How the file of an edition is to be read."""

    edition: Annotated[str, line(60)] = Field(examples=["ONSPD May 2025"])
    columns: Annotated[str, Field(max_length=1000)] = Field(
        description="Which column holds what, `meaning:column` separated by commas: `postcode` is needed, `ended` is "
        "the month in which it ended, and every other meaning is a kind of area.",
        examples=["postcode:pcds,ended:doterm,district:oslaua,lsoa:lsoa21,msoa:msoa21"],
    )
    on_error: OnError = Field(
        OnError.REJECT, description="`reject`: one bad row and nothing is taken. `skip`: the good rows are taken."
    )


class Directory(View):
    """One edition of a directory, and the job that loads it."""

    edition: str
    job: str
    state: DirectoryState
    columns: dict[str, str]
    postcodes: int = Field(description="So many are loaded by now.")
    created_at: datetime
    loaded_at: datetime | None

    @classmethod
    def of(cls, directory: models.PostcodeDirectory) -> Self:
        return cls.model_validate(directory, from_attributes=True)


class Directories(View):
    """Every edition, the one that was loaded last first."""

    data: list[Directory]


class Area(View):
    """An area that a postcode lies in."""

    kind: str
    place: GssCode


class Found(NamedTuple):
    """A postcode as an edition has it."""

    edition: str
    postcode: models.Postcode


class PostcodeAreas(View):
    """The areas of a postcode, by an edition."""

    edition: str
    postcode: str
    ended: str | None = Field(description="The month in which it ended; null for one of today.")
    areas: list[Area]

    @classmethod
    def of(cls, found: Found) -> Self:
        row = found.postcode
        areas = [Area(kind=kind, place=code) for kind, code in sorted(row.areas.items())]
        return cls(edition=found.edition, postcode=row.postcode, ended=row.ended, areas=areas)
