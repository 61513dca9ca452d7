"""What the gateway asks before it tells a CRM of people or organisations, and how each of them is handed on."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, NamedTuple, Self

from pydantic import Field

from services.members.directory.custom_fields.schemas import shown_values
from services.members.directory.organisations.models import Shown
from services.members.directory.organisations.schemas import Identifier
from services.members.directory.people import models
from services.members.directory.people.models import LabelKind
from services.members.fields import OrganisationId, PersonId, Slug
from services.members.trust.permissions.models import Channel
from shared.fields import Body, View

MOST_AT_ONCE = 200

REACHED_BY = (Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.POST)
"""The channels over which a CRM could reach somebody."""


class AskedToHandOn(Body):
    """People to hand on for a purpose: these, or the next ones after an id in the order of ids."""

    purpose: Slug
    people: Annotated[list[PersonId], Field(max_length=MOST_AT_ONCE)] | None = None
    after: PersonId | None = None
    limit: int = Field(100, ge=1, le=MOST_AT_ONCE)


class HandedPerson(View):
    """Somebody as a CRM may have them: how they are called and reached, and where they stand in the movement.

    What they need, their age and their day of birth are not in it. ``may_be_reached_by`` says over which channels they
    permit to be reached for the purpose that was asked about, ``organisation`` to which one they belong.
    """

    person: PersonId
    given_name: str
    family_name: str | None
    known_as: str | None
    email: str | None
    phone: str | None
    postcode: str | None
    languages: list[str]
    tags: list[str]
    interests: list[str]
    skills: list[str]
    custom: dict[str, object]
    rung: str | None
    joined_at: datetime | None
    organisation: OrganisationId | None
    external_ids: dict[str, list[str]]
    may_be_reached_by: list[Channel]
    version: int
    updated_at: datetime

    @classmethod
    def of(cls, person: models.Person, reached_by: Collection[Channel], organisation: str | None) -> Self:
        """A person as they are handed on."""
        labels: dict[str, list[str]] = {kind: [] for kind in LabelKind}
        for label in person.labels:
            labels[label.kind].append(label.label)
        return cls(
            person=person.id,
            given_name=person.given_name,
            family_name=person.family_name,
            known_as=person.known_as,
            email=next((email.address for email in person.emails), None),  # the primary one comes first
            phone=next((phone.number for phone in person.phones), None),
            postcode=person.postcode,
            languages=person.languages,
            tags=labels[LabelKind.TAG],
            interests=labels[LabelKind.INTEREST],
            skills=labels[LabelKind.SKILL],
            custom=dict(shown_values(person.custom)),
            rung=None if person.membership is None else person.membership.rung,
            joined_at=None if person.membership is None else person.membership.joined_at,
            organisation=organisation,
            external_ids=_by_system((each.system, each.external_id) for each in person.external_ids),
            may_be_reached_by=[channel for channel in REACHED_BY if channel in reached_by],
            version=person.version,
            updated_at=person.updated_at,
        )


class Found(NamedTuple):
    """People who are handed on, with the channels each is reached by and the organisation that they belong to; and what
    became of the others asked for."""

    people: Iterable[tuple[models.Person, Collection[Channel], str | None]]
    merged: Mapping[str, str]
    withheld: Collection[str]
    unknown: Collection[str]
    last: str | None


class HandedOn(View):
    """The people who permit it. ``withheld`` are known and do not, ``unknown`` are not there (any more), ``merged`` are
    other people now. ``next`` is whom to go on after, null where nobody follows."""

    people: list[HandedPerson]
    merged: dict[PersonId, PersonId]
    withheld: list[PersonId]
    unknown: list[PersonId]
    next: PersonId | None

    @classmethod
    def of(cls, found: Found) -> Self:
        """What was found, as it is answered."""
        return cls(
            people=[HandedPerson.of(*each) for each in found.people],
            merged=dict(found.merged),
            withheld=sorted(found.withheld),
            unknown=sorted(found.unknown),
            next=found.last,
        )


class AskedForOrganisations(Body):
    """Organisations to hand on for a purpose: these, or the next ones after an id in the order of ids."""

    purpose: Slug
    organisations: Annotated[list[OrganisationId], Field(max_length=MOST_AT_ONCE)] | None = None
    after: OrganisationId | None = None
    limit: int = Field(100, ge=1, le=MOST_AT_ONCE)


class HandedOrganisation(View):
    """An organisation as a CRM may have it. One that is no more has the day from which it is so."""

    organisation: OrganisationId
    name: str
    kind: str | None
    description: str | None
    identifiers: list[Identifier]
    postcode: str | None
    website: str | None
    email: str | None
    phone: str | None
    tags: list[str]
    custom: dict[str, object]
    ended_on: date | None
    external_ids: dict[str, list[str]]
    version: int
    updated_at: datetime

    @classmethod
    def of(cls, row: Shown) -> Self:
        """An organisation as it is handed on."""
        return cls(
            organisation=row.id, name=row.name, kind=row.kind, description=row.description,
            identifiers=[Identifier.model_construct(scheme=scheme, id=number) for scheme, number in row.identifiers],
            postcode=row.postcode, website=row.website, email=row.email, phone=row.phone,
            tags=row.tags, custom=dict(shown_values(row.custom)), ended_on=row.ended_on,
            external_ids=_by_system(row.external_ids), version=row.version, updated_at=row.updated_at,
        )  # fmt: skip


class FoundOrganisations(NamedTuple):
    """Organisations that are handed on, and what became of the others asked for."""

    organisations: Iterable[Shown]
    merged: Mapping[str, str]
    unknown: Collection[str]
    last: str | None


class HandedOrganisations(View):
    """Organisations. ``unknown`` are not there (any more), ``merged`` are other ones now. ``next`` is after which one
    to go on, null where none follows."""

    organisations: list[HandedOrganisation]
    merged: dict[OrganisationId, OrganisationId]
    unknown: list[OrganisationId]
    next: OrganisationId | None

    @classmethod
    def of(cls, found: FoundOrganisations) -> Self:
        """What was found, as it is answered."""
        return cls(
            organisations=[HandedOrganisation.of(row) for row in found.organisations],
            merged=dict(found.merged),
            unknown=sorted(found.unknown),
            next=found.last,
        )


def _by_system(called: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What other systems call somebody or something."""
    found: dict[str, list[str]] = {}
    for system, external_id in called:
        found.setdefault(system, []).append(external_id)
    return found
