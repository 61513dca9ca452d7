"""What is compared of people and of organisations: read for many at once, and folded."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from urllib.parse import urlsplit

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.members.directory.duplicates.scoring import Profile
from services.members.directory.organisations.models import Organisation, OrganisationExternalId
from services.members.directory.people import names
from services.members.directory.people.models import Email, ExternalId, Person, Phone

HOME_REGION = "GB"
"""Where a number is that is written without its country."""


def of_people(session: Session, movement: str, ids: Collection[str]) -> dict[str, Profile]:
    """The profiles of people by their ids."""
    emails = _by_record(session, movement, ids, Email.movement, Email.person, Email.address)
    phones = _by_record(session, movement, ids, Phone.movement, Phone.person, Phone.number)
    systems = _by_record(session, movement, ids, ExternalId.movement, ExternalId.person, ExternalId.system)
    called = _by_record(session, movement, ids, ExternalId.movement, ExternalId.person, ExternalId.external_id)
    query = sa.select(
        Person.id, Person.given_name, Person.family_name, Person.known_as, Person.postcode, Person.date_of_birth
    ).where(Person.movement == movement, Person.id.in_(ids))
    return {
        person: of_somebody(
            person,
            names=(given, family, known_as),
            emails=emails.get(person, ()),
            phones=phones.get(person, ()),
            external_ids=zip(systems.get(person, ()), called.get(person, ()), strict=True),
            postcode=postcode,
            born=born,
        )
        for person, given, family, known_as, postcode, born in session.execute(query)
    }


def of_somebody(
    person: str = "",
    *,
    names: tuple[str, str | None, str | None],
    emails: Iterable[str],
    phones: Iterable[str],
    external_ids: Iterable[tuple[str, str]],
    postcode: str | None,
    born: date | None,
) -> Profile:
    """The profile of a person, who need not be entered: ``names`` are given name, family name, and what they go by."""
    return Profile(
        person,
        names=_called(*names),
        emails=frozenset(address.casefold() for address in emails),
        phones=e164(phones),
        external_ids=frozenset(external_ids),
        postcode=postcode,
        born=None if born is None else born.isoformat(),
    )


def of_organisations(session: Session, movement: str, ids: Collection[str]) -> dict[str, Profile]:
    """The profiles of organisations by their ids."""
    owner = OrganisationExternalId.organisation
    systems = _by_record(session, movement, ids, OrganisationExternalId.movement, owner, OrganisationExternalId.system)
    called = _by_record(
        session, movement, ids, OrganisationExternalId.movement, owner, OrganisationExternalId.external_id
    )
    query = sa.select(
        Organisation.id,
        Organisation.name,
        Organisation.email,
        Organisation.phone,
        Organisation.website,
        Organisation.postcode,
    ).where(Organisation.movement == movement, Organisation.id.in_(ids))
    return {
        organisation: Profile(
            organisation,
            names=_called(name),
            emails=frozenset(() if email is None else (email.casefold(),)),
            phones=e164(() if phone is None else (phone,)),
            external_ids=frozenset(zip(systems.get(organisation, ()), called.get(organisation, ()), strict=True)),
            websites=_host(website),
            postcode=postcode,
        )
        for organisation, name, email, phone, website, postcode in session.execute(query)
    }


def e164(numbers: Iterable[str]) -> frozenset[str]:
    """Telephone numbers in one form (ITU-T E.164); what cannot be one in any country's plan is left out."""
    found = set()
    for number in numbers:
        try:
            parsed = phonenumbers.parse(number.replace("(0)", ""), HOME_REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            found.add(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return frozenset(found)


def _called(first: str, family: str | None = None, known_as: str | None = None) -> tuple[str, ...]:
    ways = (" ".join(filter(None, (name, family))) for name in (first, known_as) if name)
    return tuple(dict.fromkeys(" ".join(names.words(way)) for way in ways))


def _host(website: str | None) -> frozenset[str]:
    host = urlsplit(website).hostname if website else None
    return frozenset((host.removeprefix("www."),) if host else ())


def _by_record(
    session: Session,
    movement: str,
    ids: Collection[str],
    of_movement: InstrumentedAttribute[str],
    record: InstrumentedAttribute[str],
    value: InstrumentedAttribute[str],
) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    query = sa.select(record, value).where(of_movement == movement, record.in_(ids))
    for owner, each in session.execute(query.order_by(*sa.inspect(value.class_).primary_key)):
        found.setdefault(owner, []).append(each)
    return found
