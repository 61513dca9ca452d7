"""What is said about an affiliation, and how one is shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.directory.affiliations import models
from services.members.fields import OrganisationId, PersonId, Slug
from shared.fields import Body, View
from shared.ids import Id

AffiliationId = Annotated[str, Id("affiliation")]
Role = Annotated[Slug, Field(examples=["trustee"], description="a word of the movement's own")]


class NewAffiliation(Body):
    """A person's place in an organisation. A day that is not known is left out."""

    person: PersonId
    organisation: OrganisationId
    role: Role | None = None
    started_on: date | None = None
    ended_on: date | None = Field(None, description="the first day on which it no longer holds")


class AffiliationChanges(Body):
    """What is to be different; a field that is left out stays as it is."""

    role: Role | None = None
    started_on: date | None = None
    ended_on: date | None = None


class Affiliation(View):
    """A person's place in an organisation."""

    id: AffiliationId
    person: PersonId
    organisation: OrganisationId
    role: str | None
    started_on: date | None
    ended_on: date | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, affiliation: models.Affiliation) -> Self:
        """An affiliation as the API shows it."""
        return cls.model_validate(affiliation, from_attributes=True)
