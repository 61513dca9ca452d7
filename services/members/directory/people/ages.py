"""How old somebody is, as far as a rule asks: the band that a date of birth falls into."""

from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people.models import AgeBand
from shared.errors import Fault, Invalid

_FROM = ((18, AgeBand.ADULT), (16, AgeBand.FROM_16_TO_17), (13, AgeBand.FROM_13_TO_15), (0, AgeBand.UNDER_13))

UNTIL = ((AgeBand.UNDER_13, 13), (AgeBand.FROM_13_TO_15, 16), (AgeBand.FROM_16_TO_17, 18))
"""The bands that are outgrown, each with the age at which it is."""


def age_on(born: date, day: date) -> int:
    """How many years old somebody is on a day. Whoever was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def born_by(age: int, day: date) -> date:
    """The last day of birth of those who are that old on a day."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February, in a year that has none
        return day.replace(year=day.year - age, day=28)


def band_on(born: date, day: date) -> AgeBand:
    """The band that somebody is in on a day."""
    age = age_on(born, day)
    return next(band for years, band in _FROM if age >= years)


def bands_under(age: int) -> list[AgeBand]:
    """The bands in which somebody may be younger than that."""
    return [band for years, band in _FROM if years < age]


def settled(session: Session, movement: str, band: AgeBand, born: date | None, place: str) -> AgeBand:
    """The band of somebody of whom both may be said. Raises Invalid where they do not fit, at ``place`` in the body."""
    if born is None:
        return band
    today = days.today(session, movement)
    if born > today:
        raise Invalid(faults=[Fault(f"{place}/date_of_birth", "is in the future", "in_the_future")])
    found = band_on(born, today)
    if band not in (AgeBand.NOT_ASKED, found):
        raise Invalid(faults=[Fault(f"{place}/age_band", "is not that of the date of birth", "age_band_conflicts")])
    return found
