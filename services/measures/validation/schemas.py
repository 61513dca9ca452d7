"""Validation rules, what they found, and outliers, as they are sent and answered."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from services.measures.fields import VersionId
from services.measures.validation import checking, models
from services.measures.validation.checking import Found
from services.measures.validation.kinds import Test
from services.measures.validation.models import Severity
from services.measures.validation.outliers import Method
from shared.editing import Changes
from shared.fields import Body, GssCode, Name, View
from shared.ids import Id

RuleId = Annotated[str, Id("rule")]


class NewRule(Body):
    """Something asked of a version's figures: an `error` keeps a return from being submitted, a `warning` is told."""

    measure_version: VersionId
    name: Name = Field(examples=["Not above a half more than last year"])
    severity: Severity = Severity.WARNING
    test: Test


class RuleChanges(Changes):
    """What is to be different; `retired` ends a rule, or takes it up again."""

    name: Name | None = None
    severity: Severity | None = None
    test: Test | None = None
    retired: bool | None = None


class ValidationRule(View):
    """Something asked of a version's figures."""

    id: RuleId
    measure_version: VersionId
    name: str
    severity: Severity
    test: Test
    version: int
    created_at: datetime
    updated_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, rule: models.ValidationRule) -> Self:
        return cls.model_validate(rule, from_attributes=True)


class Subject(View):
    """What a figure is about, but for its period."""

    place: GssCode
    cell: str
    programme: str | None
    activity: str | None


class Yardstick(View):
    """By what an outlier is one. `spread` is the MAD of a robust z, and the interquartile range of the other."""

    method: Method
    threshold: float
    middle: float = Field(description="The median of what it was compared with.")
    spread: float
    low: float = Field(description="Below this it is far from the others.")
    high: float = Field(description="Above this it is far from the others.")


class Outlier(Subject):
    """A figure that is far from others: a question to whoever reported it, not a fault."""

    reason: str
    score: float = Field(description="The robust z; or how many interquartile ranges beyond the nearer quartile.")
    by: Yardstick

    @classmethod
    def of(cls, found: Found) -> Self:
        if found.by is None or found.score is None:
            raise TypeError("an outlier has its yardstick")
        numbers = {name: round(getattr(found.by, name), 6) for name in ("middle", "spread", "low", "high")}
        by = Yardstick(method=found.by.method, threshold=found.by.threshold, **numbers)
        return cls(**_subject(found), reason=found.reason, score=found.score, by=by)


class Outliers(View):
    """The outliers of one period."""

    data: list[Outlier]


class Finding(Subject):
    """What a rule found in a figure."""

    rule: RuleId
    name: str
    severity: Severity
    reason: str
    score: float | None = Field(description="Of an outlier: how far it is, by the method that the reason names.")

    @classmethod
    def of(cls, finding: checking.Finding) -> Self:
        rule, found = finding
        return cls(
            **_subject(found), rule=rule.id, name=rule.name, severity=Severity(rule.severity), reason=found.reason,
            score=found.score,
        )  # fmt: skip


def _subject(found: Found) -> dict[str, str | None]:
    place, cell, programme, activity = found.subject
    return {"place": place, "cell": cell, "programme": programme or None, "activity": activity or None}
