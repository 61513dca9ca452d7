"""The kinds of rules, each with its parameters: what a movement writes down, and :mod:`.checking` goes by."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.measures.observations.models import EVERYBODY
from services.measures.validation.outliers import USUAL, Against, Method
from shared.fields import Body, GssCode

Cell = Annotated[str, Field(min_length=1, max_length=500)]


class Part(StrEnum):
    """Which number of a figure a rule looks at; `value` is what it says in its measure's unit."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    N = "n"
    SUM_X = "sum_x"


class Between(Body):
    """A number is not below `least` and not above `most`."""

    kind: Literal["between"]
    of: Part = Part.VALUE
    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.least is None and self.most is None:
            raise PydanticCustomError("no_bound", "needs `least` or `most`")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise PydanticCustomError("no_room", "`least` is above `most`")
        return self


class Change(Body):
    """A number has not changed by more than so many per cent since the period before that has the same figure."""

    kind: Literal["change"]
    of: Part = Part.VALUE
    most_percent: Annotated[float, Field(gt=0, le=10_000)]


class Sum(Body):
    """The categories of a dimension add up to the figure without it, where all that is there says a number."""

    kind: Literal["sum"]
    of: Part = Part.NUMERATOR
    dimension: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    tolerance: Annotated[float, Field(ge=0)] = 0


class Required(Body):
    """Figures, or why there is none, are there for each of these cells of each place: of these, or of any reported."""

    kind: Literal["required"]
    cells: list[Cell] = Field([EVERYBODY], min_length=1, max_length=200)
    places: list[GssCode] = Field([], max_length=1000)


class Outlier(Body):
    """A number is far from the same one in earlier periods, or from those of other places: the method says how far."""

    kind: Literal["outlier"]
    of: Part = Part.VALUE
    method: Method = Method.ROBUST_Z
    against: Against = Against.HISTORY
    threshold: Annotated[float, Field(gt=0, le=100)] | None = None

    @property
    def far(self) -> float:
        """The threshold, or the usual one of the method."""
        return USUAL[self.method] if self.threshold is None else self.threshold


Test = Annotated[Between | Change | Sum | Required | Outlier, Field(discriminator="kind")]
