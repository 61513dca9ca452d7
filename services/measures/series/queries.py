"""What may be asked of figures: the query parameters that all answers about figures have."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.measures.fields import VersionId
from services.measures.observations.models import EVERYBODY
from services.measures.series import domain
from shared.fields import GssCode

Hierarchy = Annotated[str, Field(max_length=60, description="The hierarchy in which places lie in others.")]


class FiguresQuery(BaseModel):
    """Which figures, whatever they are read for."""

    model_config = ConfigDict(populate_by_name=True)

    reporter: str | None = Field(None, max_length=60, description="Only figures of this organisation or movement.")
    cell: str = Field(EVERYBODY, max_length=500, description="The group, such as `sex=female`; `all` is everybody.")
    as_of: AwareDatetime | None = Field(None, description="Answer what was known at this moment, not what is now.")


class VersionQuery(FiguresQuery):
    """Which figures of one measure."""

    version: VersionId | None = Field(None, description="Left out, the newest published version.")


class SpanQuery(VersionQuery):
    """Which figures of one measure, over which time."""

    since: VersionId | None = Field(
        None,
        description="The version to begin with: those from it to the one that is read, as one series. Over a break "
        "between them it is refused.",
    )
    first: str | None = Field(None, alias="from", max_length=20, description="The first period.", examples=["2015/16"])
    last: str | None = Field(None, alias="to", max_length=20, description="The last period.", examples=["2023/24"])
    programme: str | None = Field(None, max_length=80, description="Only figures of this programme; empty is none.")
    activity: str | None = Field(None, max_length=80, description="Only figures of this activity; empty is none.")

    def wanted_at(self, place: str) -> domain.Wanted:
        """The same at a place, as the domain takes it."""
        return domain.Wanted(
            place, self.cell, self.version, self.since, self.reporter, self.programme, self.activity, self.first,
            self.last, self.as_of,
        )  # fmt: skip


class SeriesQuery(SpanQuery):
    """Which series."""

    place: GssCode = Field(description="Where.")

    def wanted(self) -> domain.Wanted:
        """The same, as the domain takes it."""
        return self.wanted_at(self.place)


class SeriesByPlaceQuery(SpanQuery):
    """Which series, at several places."""

    places: list[GssCode] = Field(min_length=1, max_length=40, description="Where, in this order.")


class OfNoneQuery(BaseModel):
    """Figures of one programme and activity, and of none unless one is named."""

    programme: str = Field("", max_length=80, description="Only figures of this programme; empty is none.")
    activity: str = Field("", max_length=80, description="Only figures of this activity; empty is none.")
