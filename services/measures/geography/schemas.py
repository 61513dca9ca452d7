"""Changes of places and crosswalks as they are answered."""

from datetime import date
from fractions import Fraction
from typing import Self

from pydantic import Field

from services.measures.fields import VersionId
from services.measures.geography import estimating
from services.measures.geography.domain import Shares
from services.measures.geography.models import ChangeKind, ChangeRow
from services.measures.observations.models import Bound
from services.measures.places.schemas import Place
from shared.fields import GssCode, View

_DECIMALS = 6


class Hierarchies(View):
    """The names of all hierarchies."""

    data: list[str] = Field(description="`main` is that of the places file itself.")


class Places(View):
    """Places of one hierarchy on one day."""

    data: list[Place]


class Change(View):
    """On a day so much of one place became part of another."""

    kind: ChangeKind
    on: date
    place: GssCode
    to: GssCode
    weight: str = Field(description="The share of the place, exactly.", examples=["1/3"])
    basis: str = Field(description="Of what it is a share, such as `population`; empty where it was not said.")
    source: str

    @classmethod
    def of(cls, row: ChangeRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class Estimate(View):
    """What a measure says of the place in one period, as its boundaries are on the day."""

    period: str
    period_start: date
    period_end: date
    value: float | None = Field(description="In the version's unit.")
    numerator: float | None = Field(description="Need not be a whole number: it may be made of shares.")
    denominator: float | None
    n: float | None
    bound: Bound | None
    estimated: bool = Field(description="A share of a place was taken for a share of its figure.")
    sources: list["Share"] = Field(description="Of which places, as they were then, what share it was read from.")
    reason: str | None = Field(description="Why there is no figure: `missing`, `needs_counts` or `bounds`.")
    of_places: list[GssCode] = Field(description="Which places that is about.")

    @classmethod
    def of(cls, estimate: estimating.Estimate) -> Self:
        carried, reason = estimate.carried, estimate.reason
        return cls(
            period=estimate.period.text, period_start=estimate.period.start, period_end=estimate.period.end,
            value=_number(estimate.value), numerator=_number(carried.numerator if carried else None),
            denominator=_number(carried.denominator if carried else None),
            n=_number(carried.n if carried else None), bound=carried.bound if carried else None,
            estimated=carried is not None and carried.estimated,
            sources=[Share(place=place, share=str(share)) for place, share in sorted(estimate.sources.items())],
            reason=reason and reason.code, of_places=reason.places if reason else [],
        )  # fmt: skip


class Estimates(View):
    """A measure at a place, as its boundaries are on a day, read over what became of places before."""

    measure_version: VersionId
    place: GssCode
    on: date
    data: list[Estimate]

    @classmethod
    def of(cls, found: estimating.Estimates) -> Self:
        data = [Estimate.of(each) for each in found.found]
        return cls(measure_version=found.version.id, place=found.place, on=found.day, data=data)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), _DECIMALS)


class Share(View):
    """A share of one place in another."""

    place: GssCode
    share: str = Field(description="Exactly.", examples=["1/3"])


class Crosswalk(View):
    """What became of a place between two days, or of what it was made."""

    place: GssCode
    data: list[Share]

    @classmethod
    def of(cls, shares: Shares) -> Self:
        data = [Share(place=place, share=str(share)) for place, share in sorted(shares.shares.items())]
        return cls(place=shares.place, data=data)
