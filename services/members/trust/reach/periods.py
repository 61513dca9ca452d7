"""The periods that reach is published for: whole calendar years and quarters that are over."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from services.members.trust.reach.models import Cadence

_FORMS = {Cadence.YEAR: re.compile(r"(\d{4})"), Cadence.QUARTER: re.compile(r"(\d{4})-Q([1-4])")}


class Period(NamedTuple):
    """Whole days, both included."""

    first: date
    last: date


def parsed(text: str, cadence: Cadence) -> Period | None:
    """The period of a text such as `2026` or `2026-Q1`; None where it is none of that length."""
    found = _FORMS[cadence].fullmatch(text)
    if found is None or not 0 < int(found[1]) < date.max.year:
        return None
    year = int(found[1])
    if cadence is Cadence.YEAR:
        return Period(date(year, 1, 1), date(year, 12, 31))
    month = 3 * int(found[2]) - 2
    next_begins = date(year + month // 10, (month + 2) % 12 + 1, 1)
    return Period(date(year, month, 1), next_begins - timedelta(days=1))
