"""What is said about an organisation, and how one is shown."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.custom_fields.schemas import CustomValues, shown_values
from services.members.directory.organisations import models, registers
from services.members.directory.people.schemas import ExternalId, ExternalIds, Labels
from services.members.fields import EmailAddress, OrganisationId, Paragraph, PhoneNumber, Postcode, Slug
from shared.fields import Body, Name, View

Website = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^https?://[^\s/]+\.[^\s]+$")
]
Scheme = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}-[A-Z0-9_]{2,20}$")]
Number = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,49}$")
]


class Identifier(Body):
    """What a public register calls an organisation: the register's code on org-id.guide, and its number there."""

    scheme: Scheme = Field(examples=["GB-CHC"])
    id: Number = Field(examples=["1089464"])

    @model_validator(mode="after")
    def _in_its_form(self) -> Self:
        if not registers.has_form(self.scheme, self.id):
            raise PydanticCustomError("identifier_form", "is no number of that register")
        return self


def _each_once(identifiers: list[Identifier]) -> list[Identifier]:
    if len({(each.scheme, each.id) for each in identifiers}) < len(identifiers):
        raise PydanticCustomError("repeated", "names the same one twice")
    return identifiers


class _AboutOrganisation(Body):
    """What can be said of an organisation besides its name, at first and later on."""

    kind: Slug | None = Field(None, description="a word of the movement's own", examples=["community_group"])
    description: Paragraph | None = None
    parent: OrganisationId | None = Field(None, description="the organisation that it is a part of")
    identifiers: Annotated[list[Identifier], AfterValidator(_each_once)] = Field(default_factory=list, max_length=20)
    postcode: Postcode | None = None
    website: Website | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    tags: Labels = Field(default_factory=list)
    custom: CustomValues = Field(default_factory=dict)


class NewOrganisation(_AboutOrganisation):
    """A body that acts in the movement. Only its name is needed."""

    name: Name = Field(examples=["Cinderford Walkers"])
    external_ids: ExternalIds = Field(default_factory=list)


class OrganisationChanges(_AboutOrganisation):
    """What is to be different; a field that is left out stays as it is, and a list replaces the one before."""

    name: Name = ""


class SuccessionOf(View):
    """One side of a succession: the other organisation, and the day from which it holds."""

    organisation: OrganisationId
    on: date


class Organisation(View):
    """An organisation of the movement. One that has ended answers with those that go on in its place."""

    id: OrganisationId
    name: str
    kind: str | None
    description: str | None
    parent: OrganisationId | None
    identifiers: list[Identifier]
    postcode: str | None
    website: str | None
    email: str | None
    phone: str | None
    tags: list[str]
    custom: dict[str, str | int | float | bool | date]
    external_ids: list[ExternalId]
    ended_on: date | None
    succeeded_by: list[SuccessionOf]
    succeeds: list[SuccessionOf]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shown: models.Shown) -> Self:
        """An organisation as the API shows it; what came out of the database is not checked a second time."""
        return cls(
            id=shown.id, name=shown.name, kind=shown.kind, description=shown.description, parent=shown.parent,
            identifiers=[Identifier.model_construct(scheme=scheme, id=number) for scheme, number in shown.identifiers],
            postcode=shown.postcode, website=shown.website, email=shown.email, phone=shown.phone,
            tags=shown.tags,
            custom=shown_values(shown.custom),
            external_ids=[ExternalId.model_construct(system=system, id=said) for system, said in shown.external_ids],
            ended_on=shown.ended_on,
            succeeded_by=[SuccessionOf(organisation=successor, on=on) for successor, on in shown.successors],
            succeeds=[SuccessionOf(organisation=predecessor, on=on) for predecessor, on in shown.predecessors],
            version=shown.version, created_at=shown.created_at, updated_at=shown.updated_at,
        )  # fmt: skip


class Passing(StrEnum):
    """What passes on from an organisation to one that goes on in its place, or ends with it: its membership always."""

    AFFILIATIONS = "affiliations"
    PARTS = "parts"
    PLEDGES = "pledges"
    COMMITMENTS = "commitments"
    PROGRAMMES = "programmes"
    ASKS_AND_OFFERS = "asks_and_offers"
    VOICES = "voices"
    STAFF_TIME = "staff_time"
    MEMBERSHIP = "membership"


def _can_be_taken(taken: Passing) -> Passing:
    if taken is Passing.MEMBERSHIP:
        raise PydanticCustomError("passes_to_nobody", "is the organisation's own, and ends with it")
    return taken


class Successor(Body):
    """An organisation that goes on, and what passes on to it: everything of a kind, or the people in some roles."""

    organisation: OrganisationId
    takes: list[Annotated[Passing, AfterValidator(_can_be_taken)]] = Field(
        default_factory=list, max_length=len(Passing)
    )
    roles: list[Slug] = Field(
        default_factory=list, max_length=50, description="the people in these roles, whoever takes the others"
    )


def _each_taken_once(successors: list[Successor]) -> list[Successor]:
    for named in (
        [each.organisation for each in successors],
        [taken for each in successors for taken in each.takes],
        [role for each in successors for role in each.roles],
    ):
        if len(set(named)) < len(named):
            raise PydanticCustomError("repeated", "names an organisation, a kind of thing or a role twice")
    return successors


class NewSuccession(Body):
    """From which day an organisation is no more, and who goes on in its place; nobody, where it is wound up."""

    on: date
    successors: Annotated[list[Successor], AfterValidator(_each_taken_once)] = Field(max_length=20)


class Succeeded(View):
    """An organisation that is no more, and how many of each kind of thing passed on or ended with it."""

    organisation: Organisation
    passed_on: dict[Passing, int]
    ended: dict[Passing, int]
