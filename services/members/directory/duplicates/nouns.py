"""What can be doubled: the tables and the profiles of people, and of organisations."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import InstrumentedAttribute, Session

from services.members.directory.duplicates import profiles
from services.members.directory.duplicates.models import NotSameOrganisation, NotSamePerson
from services.members.directory.duplicates.scoring import Profile
from services.members.directory.organisations import store as organisations
from services.members.directory.organisations.models import Organisation
from services.members.directory.people import store as people
from services.members.directory.people.models import Person


@dataclass(frozen=True)
class Noun:
    """People or organisations: their table, how they are compared, and where it says that two are not the same."""

    name: str
    record: type[Person] | type[Organisation]
    profiles: Callable[[Session, str, Collection[str]], Mapping[str, Profile]]
    current: Callable[[Session, str, Collection[str]], Mapping[str, str]]
    not_same: type[NotSamePerson] | type[NotSameOrganisation]
    this: InstrumentedAttribute[str]
    other: InstrumentedAttribute[str]


PEOPLE = Noun(
    "people",
    Person,
    profiles.of_people,
    people.current,
    NotSamePerson,
    NotSamePerson.person,
    NotSamePerson.other_person,
)
ORGANISATIONS = Noun(
    "organisations",
    Organisation,
    profiles.of_organisations,
    organisations.current,
    NotSameOrganisation,
    NotSameOrganisation.organisation,
    NotSameOrganisation.other_organisation,
)
