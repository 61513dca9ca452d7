"""What is said about a person, and how a person is shown."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.people import models
from services.members.directory.people.models import AgeBand, LabelKind, LawfulBasis
from services.members.directory.signups.models import Membership as Standing
from services.members.engagement.ladder.engine import Rung
from services.members.fields import (
    EmailAddress,
    Label,
    Language,
    Paragraph,
    PersonId,
    PhoneNumber,
    Postcode,
    Reference,
    Slug,
    digits,
)
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.schemas import Notice
from shared.fields import Body, Name


class ExternalId(Body):
    """What another system, such as a CRM, calls a person."""

    system: Slug = Field(examples=["civicrm"])
    id: Reference = Field(examples=["10432"])


class Email(Body):
    """An e-mail address. Where none is marked as the primary one, the first is."""

    address: EmailAddress
    primary: bool = False


class Phone(Body):
    """A telephone number, kept as it was given."""

    number: PhoneNumber = Field(examples=["01594 555 010"])


def _each_once(values: Iterable[str]) -> None:
    known = list(values)
    if len(set(known)) < len(known):
        raise PydanticCustomError("repeated", "names the same one twice")


def _emails(emails: list[Email]) -> list[Email]:
    _each_once(email.address.casefold() for email in emails)
    primary = [email for email in emails if email.primary]
    if len(primary) > 1:
        raise PydanticCustomError("two_primary", "marks more than one as the primary one")
    if primary or not emails:
        return emails
    return [Email(address=emails[0].address, primary=True), *emails[1:]]


def _phones(phones: list[Phone]) -> list[Phone]:
    _each_once(digits(phone.number) for phone in phones)
    return phones


def _external_ids(given: list[ExternalId]) -> list[ExternalId]:
    _each_once(f"{external.system} {external.id}" for external in given)
    return given


def _languages(tags: list[str]) -> list[str]:
    _each_once(tag.casefold() for tag in tags)
    return tags


def _labels(labels: list[str]) -> list[str]:
    _each_once(labels)
    return labels


def _channels(channels: list[Channel]) -> list[Channel]:
    _each_once(channels)
    return channels


Labels = Annotated[list[Label], AfterValidator(_labels), Field(max_length=50)]
ContactPreference = Annotated[list[Channel], AfterValidator(_channels)]


class NewProvenance(Body):
    """How the movement came to have somebody's data: from where, on what lawful basis, and what they were told."""

    source: Slug = Field(examples=["paper_form"])
    reference: Reference | None = Field(None, description="which form, list or import it was")
    basis: LawfulBasis
    notice: Notice | None = None
    notice_given_on: date | None = None

    @model_validator(mode="after")
    def _given(self) -> Self:
        if self.notice is None and self.notice_given_on is not None:
            raise PydanticCustomError("notice_missing", "has the day of a notice and no notice")
        return self


class NewPerson(Body):
    """A person as a sign-up gives them. Only a given name is needed; every other field says more, if it is known."""

    given_name: Name
    family_name: Name | None = None
    known_as: Name | None = None
    emails: Annotated[list[Email], AfterValidator(_emails)] = Field(default_factory=list, max_length=10)
    phones: Annotated[list[Phone], AfterValidator(_phones)] = Field(default_factory=list, max_length=10)
    postcode: Postcode | None = None
    languages: Annotated[list[Language], AfterValidator(_languages)] = Field(default_factory=list, max_length=10)
    age_band: AgeBand = AgeBand.NOT_ASKED
    contact_preference: ContactPreference = Field(
        default_factory=list, description="the channels to reach them by, the best first; empty: any"
    )
    access_needs: Paragraph | None = Field(None, description="in their own words")
    interests: Labels = Field(default_factory=list)
    skills: Labels = Field(default_factory=list)
    tags: Labels = Field(default_factory=list)
    external_ids: Annotated[list[ExternalId], AfterValidator(_external_ids)] = Field(
        default_factory=list, max_length=10
    )


class ShownPhone(Phone):
    """A telephone number as it was given, and its digits."""

    digits: str


class Membership(BaseModel):
    """A person's place in the movement. ``rung`` is null for somebody under 16: children have no rung."""

    id: str
    state: str
    rung: Rung | None
    joined_at: datetime
    brought_by: PersonId | None

    @classmethod
    def of(cls, membership: Standing) -> Self:
        """A membership as the API shows it."""
        return cls(
            id=membership.id,
            state=membership.state,
            rung=Rung(membership.rung) if membership.rung else None,
            joined_at=membership.joined_at,
            brought_by=membership.brought_by,
        )


class Provenance(BaseModel):
    """One way in which the movement came to have a person's data."""

    id: str
    source: str
    reference: str | None
    basis: LawfulBasis
    notice: Notice | None
    notice_given_on: date | None
    recorded_at: datetime

    @classmethod
    def of(cls, row: models.Provenance) -> Self:
        """It as the API shows it; what came out of the database is not checked a second time."""
        return cls(
            id=row.id,
            source=row.source,
            reference=row.reference,
            basis=LawfulBasis(row.basis),
            notice=Notice.stored(row.notice, row.notice_version, row.notice_language),
            notice_given_on=row.notice_given_on,
            recorded_at=row.recorded_at,
        )


class Person(BaseModel):
    """A person of the movement. ``membership`` is null for somebody who is known and has not joined."""

    id: PersonId
    given_name: str
    family_name: str | None
    known_as: str | None
    emails: list[Email]
    phones: list[ShownPhone]
    postcode: str | None
    languages: list[str]
    age_band: AgeBand
    contact_preference: list[Channel]
    access_needs: str | None
    interests: list[str]
    skills: list[str]
    tags: list[str]
    external_ids: list[ExternalId]
    provenance: list[Provenance]
    membership: Membership | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, person: models.Person) -> Self:
        """A person as the API shows them; what came out of the database is not checked a second time."""
        labels: dict[str, list[str]] = {kind: [] for kind in LabelKind}
        for label in person.labels:
            labels[label.kind].append(label.label)
        return cls(
            id=person.id,
            given_name=person.given_name,
            family_name=person.family_name,
            known_as=person.known_as,
            emails=[Email.model_construct(address=e.address, primary=e.is_primary) for e in person.emails],
            phones=[ShownPhone.model_construct(number=p.number, digits=p.digits) for p in person.phones],
            postcode=person.postcode,
            languages=person.languages,
            age_band=AgeBand(person.age_band),
            contact_preference=[Channel(channel) for channel in person.contact_preference],
            access_needs=person.access_needs,
            interests=labels[LabelKind.INTEREST],
            skills=labels[LabelKind.SKILL],
            tags=labels[LabelKind.TAG],
            external_ids=[ExternalId.model_construct(system=e.system, id=e.external_id) for e in person.external_ids],
            provenance=[Provenance.of(row) for row in person.provenance],
            membership=None if person.membership is None else Membership.of(person.membership),
            version=person.version,
            created_at=person.created_at,
            updated_at=person.updated_at,
        )
