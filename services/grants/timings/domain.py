"""The headline figure of a round: days from its closing to the first money in each group's bank, from facts alone.

The closing is the instant at which the round took no more applications; the money is in the bank on the bank's day of
the first payment that stands as paid. An award that waits for its money is counted, and in no median.
"""

from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.grants.rounds import store as rounds
from services.grants.timings import store
from shared.errors import NotFound
from shared.partners import answering as partners


class Timing(NamedTuple):
    """An award, the day of its first money, and the days from the round's closing to it; None while it waits."""

    award_id: str
    paid_on: date | None
    days: int | None


class Timings(NamedTuple):
    """The closing day where the movement is (None: not closed), the median of days (None: none is paid), each award."""

    closed_on: date | None
    median_days: float | None
    awards: Sequence[Timing]


def timings_of(session: Session, movement: str, round_id: str) -> Timings:
    """How fast the money of a round moved. Raises NotFound."""
    of = rounds.find(session, movement, round_id)
    if of is None:
        raise NotFound("there is no such round")
    closed_on = None
    if of.closed_at is not None:
        closed_on = of.closed_at.astimezone(ZoneInfo(partners.zone(session, movement))).date()
    awards = [
        Timing(award, paid_on, (paid_on - closed_on).days if paid_on is not None and closed_on is not None else None)
        for award, paid_on in store.first_paid(session, movement, round_id)
    ]
    days = [each.days for each in awards if each.days is not None]
    return Timings(closed_on, float(median(days)) if days else None, awards)
