"""What is said about an organisation, and how one is shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from services.members.directory.organisations import models
from services.members.fields import EmailAddress, OrganisationId, Paragraph, PhoneNumber, Postcode, Slug
from shared.fields import Body, Name

Website = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^https?://[^\s/]+\.[^\s]+$")
]


class NewOrganisation(Body):
    """A body that acts in the movement. Only its name is needed."""

    name: Name = Field(examples=["Cinderford Walkers"])
    kind: Slug | None = Field(None, description="a word of the movement's own", examples=["community_group"])
    description: Paragraph | None = None
    parent: OrganisationId | None = Field(None, description="the organisation that it is a part of")
    postcode: Postcode | None = None
    website: Website | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None


class Organisation(BaseModel):
    """An organisation of the movement."""

    id: OrganisationId
    name: str
    kind: str | None
    description: str | None
    parent: OrganisationId | None
    postcode: str | None
    website: str | None
    email: str | None
    phone: str | None
    ended_on: date | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, organisation: models.Organisation) -> Self:
        """An organisation as the API shows it."""
        return cls(
            id=organisation.id,
            name=organisation.name,
            kind=organisation.kind,
            description=organisation.description,
            parent=organisation.parent,
            postcode=organisation.postcode,
            website=organisation.website,
            email=organisation.email,
            phone=organisation.phone,
            ended_on=organisation.ended_on,
            version=organisation.version,
            created_at=organisation.created_at,
            updated_at=organisation.updated_at,
        )
