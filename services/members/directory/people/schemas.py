"""What is said about a person."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.custom_fields.schemas import CustomValues
from services.members.directory.people.models import AgeBand, LawfulBasis
from services.members.fields import (
    EmailAddress,
    Label,
    Language,
    Paragraph,
    PhoneNumber,
    Postcode,
    Reference,
    Slug,
    digits,
)
from services.members.trust.children.schemas import NewChildRecord
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


ExternalIds = Annotated[list[ExternalId], AfterValidator(_external_ids), Field(max_length=10)]
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


class _AboutPerson(Body):
    """What can be said of a person besides their given name, at first and later on."""

    family_name: Name | None = None
    known_as: Name | None = None
    emails: Annotated[list[Email], AfterValidator(_emails)] = Field(default_factory=list, max_length=10)
    phones: Annotated[list[Phone], AfterValidator(_phones)] = Field(default_factory=list, max_length=10)
    postcode: Postcode | None = None
    languages: Annotated[list[Language], AfterValidator(_languages)] = Field(default_factory=list, max_length=10)
    age_band: AgeBand = AgeBand.NOT_ASKED
    date_of_birth: date | None = Field(None, description="only where a rule needs it; the age band follows from it")
    contact_preference: ContactPreference = Field(
        default_factory=list, description="the channels to reach them by, the best first; empty: any"
    )
    access_needs: Paragraph | None = Field(None, description="in their own words")
    interests: Labels = Field(default_factory=list)
    skills: Labels = Field(default_factory=list)
    tags: Labels = Field(default_factory=list)
    custom: CustomValues = Field(default_factory=dict)


class NewPerson(_AboutPerson):
    """A person as they become known. Only a given name is needed; every other field says more, if it is known."""

    given_name: Name
    external_ids: ExternalIds = Field(default_factory=list)


class KnownPerson(Body):
    """Somebody whom the movement knows and who has not joined: how it came to their data has to be said."""

    person: NewPerson
    provenance: NewProvenance
    child: NewChildRecord | None = Field(None, description="what lets a child be named; needed of one")


class PersonChanges(_AboutPerson):
    """What is to be different; a field that is left out stays as it is, and a list takes the place of the one before.

    Of `custom`, only the keys that are sent change.
    """

    given_name: Name = ""
