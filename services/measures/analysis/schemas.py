"""Drill-downs as they are asked for and answered."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from services.measures.analysis import domain, model
from services.measures.disclosure.sharing import Sharing
from services.measures.fields import VersionId
from services.measures.geography.domain import MAIN
from services.measures.measures.models import Measure, MeasureVersion
from services.measures.nesting import containing
from services.measures.observations.models import EVERYBODY
from services.measures.periods import PeriodType
from services.measures.series.queries import Hierarchy, OfNoneQuery
from services.measures.series.schemas import MeasureRead, PlaceRead, Reading
from shared.fields import GssCode, View


class DrillDownQuery(OfNoneQuery):
    """Which figures, and for which places they are added up."""

    place: GssCode = Field(description="The whole, whose parts are answered.")
    of: str = Field(max_length=60, description="The kind of the places whose figures are added up.", examples=["lsoa"])
    period: str = Field(max_length=20, description="The period.", examples=["2023/24"])
    hierarchy: Hierarchy = MAIN
    cell: str = Field(EVERYBODY, max_length=500, description="The group, such as `sex=female`; `all` is everybody.")
    version: VersionId | None = Field(None, description="Left out, the newest published version.")
    reporter: str | None = Field(None, max_length=60, description="Only figures of this organisation or movement.")

    def wanted(self) -> domain.Wanted:
        """The same, as the domain takes it."""
        return domain.Wanted(**{name: getattr(self, name) for name in type(self).model_fields})


class Row(View):
    """One place directly within the whole."""

    place: PlaceRead
    figure: Reading = Field(description="Reckoned from the components of the figures of the smaller places in it.")
    expected: int = Field(description="How many places of that kind lie in it.")
    present: int = Field(description="How many of them have a figure.")


class CoverageQuery(BaseModel):
    """Of which figures to say what there is."""

    version: VersionId | None = Field(None, description="Left out, the newest published version.")
    cell: str = Field(EVERYBODY, max_length=500, description="The group, such as `sex=female`; `all` is everybody.")


class Covered(View):
    """What there is of one period."""

    period: str
    figures: int
    reported: int = Field(description="How many of them are figures, and no reason why there is none.")
    places: int = Field(description="Of how many places there is one.")
    reporters: int


class Coverage(View):
    """What there is of one measure, by period: before anybody reads a trend into what was never reported."""

    measure: MeasureRead
    cell: str
    periods: list[Covered]

    @classmethod
    def of(cls, measure: Measure, version: MeasureVersion, cell: str, covered: Sequence[model.Covered]) -> Self:
        kind, starts = PeriodType(version.period_type), version.year_starts
        periods = [
            Covered(
                period=containing(date.fromisoformat(each.start), kind, starts).text, figures=each.figures,
                reported=each.reported, places=each.places, reporters=each.reporters,
            )
            for each in covered
        ]  # fmt: skip
        return cls(measure=MeasureRead.of(measure, version), cell=cell, periods=periods)


class DrillDown(View):
    """What each place within a place comes to, as of now."""

    measure: MeasureRead
    place: PlaceRead
    of: str
    period: str
    cell: str
    sharing: Sharing = Sharing.NOT_FOR_SHARING
    rows: list[Row]

    @classmethod
    def of_rows(cls, ground: domain.Ground, wanted: domain.Wanted, rows: list[domain.Row]) -> Self:
        return cls(
            measure=MeasureRead.of(ground.measure, ground.version), place=PlaceRead.of(ground.place), of=wanted.of,
            period=ground.period.text, cell=wanted.cell,
            rows=[
                Row(
                    place=PlaceRead.of(row.place), figure=Reading.of_amount(row.amount, row.reading),
                    expected=row.expected, present=row.present,
                )
                for row in rows
            ],
        )  # fmt: skip
