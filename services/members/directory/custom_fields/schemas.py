"""What is said about custom fields and in them, and how they are shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.custom_fields import models
from services.members.directory.custom_fields.models import FieldKind, Noun, OrganisationValue, PersonValue
from services.members.fields import Slug
from shared.fields import Body, Name, View, line
from shared.ids import Id

CustomFieldId = Annotated[str, Id("field")]

Given = StrictStr | StrictBool | StrictInt | StrictFloat | None
CustomValues = Annotated[
    dict[Slug, Given],
    Field(
        max_length=100,
        description="Values of the movement's custom fields, by key; null takes a value away.",
        examples=[{"shirt_size": "medium", "first_aid_until": "2027-03-31"}],
    ),
]


def _each_once(choices: list[str]) -> list[str]:
    if len(set(choices)) < len(choices):
        raise PydanticCustomError("repeated", "names the same one twice")
    return choices


Choices = Annotated[list[Annotated[str, line(100)]], AfterValidator(_each_once), Field(max_length=200)]


class NewCustomField(Body):
    """A field of the movement's own. Its key and its kind are for ever."""

    of: Noun
    key: Slug = Field(examples=["shirt_size"])
    name: Name = Field(examples=["Shirt size"])
    kind: FieldKind
    choices: Choices = Field(default_factory=list, description="what a field of the kind `choice` can hold")

    @model_validator(mode="after")
    def _to_choose_from(self) -> Self:
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise PydanticCustomError("choices", "has choices exactly where its kind is `choice`")
        return self


class CustomFieldChanges(Body):
    """What is to be different; a field that is left out stays as it is."""

    name: Name = ""
    choices: Choices = Field(default_factory=list)
    retired: bool = False


class CustomField(View):
    """A field of the movement's own. A retired one keeps and shows its values, and takes no new ones."""

    id: CustomFieldId
    of: Noun
    key: str
    name: str
    kind: FieldKind
    choices: list[str]
    retired: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def shown(cls, field: models.CustomField) -> Self:
        """A field as the API shows it."""
        return cls(
            id=field.id, of=Noun(field.noun), key=field.key, name=field.name, kind=FieldKind(field.kind),
            choices=field.choices, retired=field.retired, version=field.version, created_at=field.created_at,
            updated_at=field.updated_at,
        )  # fmt: skip


def shown_values(values: Iterable[PersonValue | OrganisationValue]) -> dict[str, models.Value]:
    """The values of somebody's custom fields, by key; a whole number is shown as one."""
    return {row.key: _whole(row.value) for row in values}


def _whole(value: models.Value) -> models.Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value
