"""How a retention rule is settled, what it would do, and how its runs are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import Paragraph, PersonId, Reference, Slug
from services.members.trust.retention import models
from services.members.trust.retention.kinds import Action
from services.members.trust.retention.models import RunState
from shared.fields import Body, View
from shared.ids import Id

RunId = Annotated[str, Id("retrun")]
HoldId = Annotated[str, Id("hold")]


class Settling(Body):
    """How long a kind of record is kept: `months` and `days` after what, what is done then, and by which law.

    `daily`: it is applied by itself, each day, in the movement's time zone.
    """

    months: Annotated[int, Field(ge=0, le=1200)] = 0
    days: Annotated[int, Field(ge=0, le=36_600)] = 0
    after: Slug
    action: Action
    source: Paragraph = Field(examples=["Limitation Act 1980, section 9; our board, 4 May 2026"])
    daily: bool = False


class RetentionRule(View):
    """A rule as it holds. `settled` is false for what a kind begins with: nothing is applied by itself then."""

    months: int
    days: int
    after: str
    action: Action
    source: str
    daily: bool
    settled: bool


class NewHold(Body):
    """What is not to go: somebody's records, of one kind or all; or one record of a kind, by its id."""

    person: PersonId | None = None
    kind: Slug | None = None
    record: Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+_[0-9a-z]{26}$")] | None = None
    why: Reference = Field(description="in a line, and nothing of anybody's private life")
    until: date | None = Field(None, description="the last day; without one it stands until it is lifted")

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if (self.person is None) == (self.record is None):
            raise PydanticCustomError("one_of_them", "needs a person or a record, and not both")
        if self.record is not None and self.kind is None:
            raise PydanticCustomError("kind_of_record", "needs the kind of the record")
        return self


class RetentionHold(View):
    """A hold. It holds back from the day on which it was placed until it is lifted, or `until` is over."""

    id: str
    person: str | None
    kind: str | None
    record: str | None
    why: str
    until: date | None
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None

    @classmethod
    def of(cls, hold: models.RetentionHold) -> Self:
        """A hold as the API shows it."""
        return cls(**{name: getattr(hold, name) for name in cls.model_fields})


class RetentionRun(View):
    """A rule applied: the rule as it was, to what had come to `after` on `cut_off` or before, and what it came to.

    `held` is how many records were held back, by reason, when it began.
    """

    id: str
    kind: str
    state: RunState
    rule_version: int
    months: int
    days: int
    after: str
    action: Action
    source: str
    cut_off: date
    daily: bool
    begun_by: str
    begun_at: datetime
    records: int
    held: dict[str, int]
    ended_at: datetime | None

    @classmethod
    def of(cls, run: models.RetentionRun) -> Self:
        """A run as the API shows it."""
        return cls(**{name: getattr(run, name) for name in cls.model_fields})
