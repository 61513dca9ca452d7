"""Targets and baselines as they are sent and answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.measures.fields import OrganisationId, TargetId, Text, VersionId
from services.measures.observations.models import EVERYBODY
from services.measures.targets import models
from services.measures.targets.models import Kind
from shared.editing import Changes
from shared.fields import Body, GssCode, View

Value = Annotated[Decimal, Field(max_digits=15, decimal_places=6, allow_inf_nan=False)]


class NewTarget(Body):
    """What a figure is to be in a period, or from which one it starts."""

    kind: Kind = Kind.TARGET
    measure_version: VersionId
    place: GssCode
    period: str = Field(max_length=20, examples=["2027/28"])
    cell: str = Field(EVERYBODY, max_length=500, description="The group, such as `sex=female`; `all` is everybody.")
    organisation: OrganisationId | None = Field(None, description="Whose it is; null is the movement's own.")
    value: Value | None = Field(
        None, description="In the version's unit. A baseline without one starts from the figure of its period."
    )
    why: Text = Field("", description="How it was arrived at, and by whom it was agreed.")

    @model_validator(mode="after")
    def _a_target_says_what(self) -> Self:
        if self.kind is Kind.TARGET and self.value is None:
            raise PydanticCustomError("missing_value", "a target has a value")
        return self


class TargetChanges(Changes):
    """What is to be different; a field that is left out stays as it is."""

    value: Value | None = None
    why: Text | None = None


class Target(View):
    """What a figure is to be in a period, or from which one it starts."""

    id: TargetId
    kind: Kind
    measure_version: VersionId
    place: GssCode
    cell: str
    organisation: OrganisationId | None
    period: str
    period_start: date
    period_end: date
    value: float | None
    why: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shown: models.Shown) -> Self:
        own = {name: getattr(shown.target, name) for name in cls.model_fields}
        return cls.model_validate(own | {"organisation": shown.organisation})
