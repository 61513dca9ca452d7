"""Observations as they are asked for and answered."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field

from services.measures.fields import ImportId, ObservationId, VersionId
from services.measures.observations.models import FigureStatus
from services.measures.observations.store import Seen
from shared.fields import GssCode


class Revisions(StrEnum):
    """Which revisions of a figure to list."""

    LATEST = "latest"
    ALL = "all"


class Observation(BaseModel):
    """One revision of one figure, as it was reported. Null is not zero: `status` says why there is no figure."""

    id: ObservationId
    measure_version: VersionId
    reporter: str = Field(description="The organisation whose figure it is, or the movement.")
    place: GssCode
    period: str = Field(examples=["2015/16"])
    period_start: date
    period_end: date = Field(description="The last day of the period.")
    cell: str = Field(description="The group that it is about, such as `sex=female`; `all` is everybody.")
    revision: int = Field(description="Counted from 1; the highest is current.")
    status: FigureStatus
    value: float | None = Field(description="As it was published, in the version's unit; null where only counts were.")
    numerator: int | None
    denominator: int | None
    n: int | None = Field(description="The base: how many were asked or counted.")
    provenance: str | None
    import_id: ImportId
    recorded_at: datetime = Field(description="From when on this revision was known.")

    @classmethod
    def of(cls, seen: Seen) -> Self:
        it, recorded_at, provenance = seen
        return cls(
            id=it.id, measure_version=it.version, reporter=it.reporter, place=it.place, period=it.period,
            period_start=date.fromisoformat(it.period_start), period_end=date.fromisoformat(it.period_end),
            cell=it.cell, revision=it.revision, status=FigureStatus(it.status),
            value=None if it.value is None else float(it.value), numerator=it.numerator, denominator=it.denominator,
            n=it.n, provenance=provenance, import_id=it.import_id, recorded_at=recorded_at,
        )  # fmt: skip
