"""Whose something is, or to whom it went: exactly one of those who may be named, in every request of this room."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import OrganisationId, PersonId, Reference
from shared.fields import Body


class Whose(Body):
    """A person or an organisation."""

    person: PersonId | None = None
    organisation: OrganisationId | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.person is None) == (self.organisation is None):
            raise PydanticCustomError("one_of", "names either a person or an organisation")
        return self


class Whom(Body):
    """A person, an organisation, or others in words."""

    person: PersonId | None = None
    organisation: OrganisationId | None = None
    words: Reference | None = Field(None, examples=["the Tuesday walkers"])

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.person, self.organisation, self.words].count(None) != 2:
            raise PydanticCustomError("one_of", "names a person, an organisation or others in words")
        return self
