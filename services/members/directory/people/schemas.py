"""What is said about a person, and how a person is shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from services.members.directory.people import models
from services.members.directory.people.models import AgeBand
from services.members.engagement.ladder.engine import Rung
from services.members.fields import EmailAddress, Language, PersonId, PhoneNumber, Postcode, Reference, Slug, digits
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


class Person(BaseModel):
    """A person of the movement."""

    id: PersonId
    given_name: str
    family_name: str | None
    known_as: str | None
    emails: list[Email]
    phones: list[ShownPhone]
    postcode: str | None
    languages: list[str]
    age_band: AgeBand
    external_ids: list[ExternalId]
    membership: Membership
    created_at: datetime

    @classmethod
    def of(cls, person: models.Person) -> Self:
        """A person as the API shows them; what came out of the database is not checked a second time."""
        membership = person.membership
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
            external_ids=[ExternalId.model_construct(system=e.system, id=e.external_id) for e in person.external_ids],
            membership=Membership(
                id=membership.id,
                state=membership.state,
                rung=Rung(membership.rung) if membership.rung else None,
                joined_at=membership.joined_at,
                brought_by=membership.brought_by,
            ),
            created_at=person.created_at,
        )
