"""What requests and answers about forms look like."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from services.grants.forms import models
from shared.editing import Changes
from shared.fields import Body, Name, View


class Preset(StrEnum):
    """Forms that are ready: the default is one question and the budget."""

    ONE_QUESTION = "one_question"


Schema = Annotated[
    dict[str, JsonValue],
    Field(description="JSON Schema (2020-12) of the answers, an object with a property for each question; no patterns"),
]
Order = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(max_length=100, description="the questions as a page or a caller goes through them; left out: at the end"),
]
SummaryFrom = Annotated[
    str | None, Field(max_length=100, description="the question whose answer says what the money is for")
]
BudgetFrom = Annotated[
    str | None,
    Field(max_length=100, description="the question whose answer is the budget: lines of `item` and `amount`"),
]


class Asked(Body):
    """What a version of a form asks: a preset, or a schema of its own."""

    preset: Preset | None = None
    schema_: Annotated[Schema | None, Field(alias="schema")] = None
    order: Annotated[Order, Field(default_factory=list)]
    summary_from: SummaryFrom = None
    budget_from: BudgetFrom = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.preset is None) == (self.schema_ is None):
            raise PydanticCustomError("preset_or_schema", "say a preset, or a schema")
        return self


class NewForm(Asked):
    """A form, and the first version of what it asks."""

    name: Name


class FormVersionChanges(Changes):
    """What of a version is to be different that no round was published with."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"summary_from", "budget_from"})

    schema_: Annotated[Schema | None, Field(alias="schema")] = None
    order: Order | None = None
    summary_from: SummaryFrom = None
    budget_from: BudgetFrom = None


class FormVersion(View):
    """A version of a form. Once a round is published with it, it stays as it is: another one is made instead."""

    id: str
    form: str
    number: int
    schema_: dict[str, object] = Field(alias="schema")
    order: list[str]
    summary_from: str | None
    budget_from: str | None
    used_at: Annotated[datetime | None, Field(description="since when it is frozen")]
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, version: models.FormVersion) -> "FormVersion":
        """The answer for a version of a form."""
        return cls(
            id=version.id,
            form=version.form_id,
            number=version.number,
            schema=version.schema,
            order=version.order,
            summary_from=version.summary_from,
            budget_from=version.budget_from,
            used_at=version.used_at,
            created_at=version.created_at,
            updated_at=version.updated_at,
            version=version.version,
        )


class Form(View):
    """A form, and its newest version."""

    id: str
    name: str
    newest: FormVersion
    created_at: datetime

    @classmethod
    def of(cls, read: models.Read) -> "Form":
        """The answer for a form."""
        form, newest = read
        return cls(id=form.id, name=form.name, newest=FormVersion.of(newest), created_at=form.created_at)
