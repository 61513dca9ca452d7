"""How many of those who take part gave which answer, or live in which decile: counted in memory, kept nowhere."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people.models import Person
from services.members.trust.equality import pseudonyms
from services.members.trust.equality import store as answers
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.verdicts import permitting
from services.members.trust.purposes.standard import MONITORING
from services.members.trust.reach import store
from services.members.trust.reach.models import DECILE, ReferencePopulation, Who
from services.members.trust.reach.periods import Period
from services.members.trust.reach.shares import NOT_ASKED
from shared import clock

NOT_IN_DIRECTORY = "not_in_directory"
"""Those whose postcode the loaded edition does not have."""


def counted(
    session: Session, movement: str, population: ReferencePopulation, who: Who, period: Period
) -> Mapping[str, int]:
    """The true counts by option; whose data rests or who objects is not among them. To be protected at once."""
    taking_part = _taking_part(session, movement, who, period)
    found: Counter[str] = Counter({str(option): 0 for option, _ in population.people})
    if population.dimension == DECILE:
        for postcode, decile in store.deciles(session, movement, population.directory or "", taking_part):
            found[NOT_ASKED if postcode is None else NOT_IN_DIRECTORY if decile is None else str(decile)] += 1
        return found
    found.update(_answers(session, movement, population.dimension, taking_part))
    return found


def _taking_part(session: Session, movement: str, who: Who, period: Period) -> sa.Select[str]:
    only = permitting(session, movement, Person.id, MONITORING, Channel.RECORD, clock.now())
    if who is Who.ACTIVE:
        return store.active(movement, period.first, period.last, only)
    zone = ZoneInfo(days.zone(session, movement))
    return store.members(movement, datetime.combine(period.last + timedelta(days=1), time(), zone), only)


def _answers(session: Session, movement: str, question: str, taking_part: sa.Select[str]) -> Counter[str]:
    """Each person's latest answer, whatever record of theirs it was given to; none of whoever gave notice."""
    now = store.ids(session, movement, taking_part)
    people = {blinded: now[known_as] for blinded, known_as in pseudonyms.every(session, movement, now)}
    latest: dict[str, tuple[int, str]] = {}
    for pseudonym, option, day in answers.answered(session, movement, question):
        person = people.get(pseudonym)
        if person is not None and (day, option) > latest.get(person, (0, "")):
            latest[person] = (day, option)
    for pseudonym in answers.stopped(session, movement):
        latest.pop(people.get(pseudonym, ""), None)
    found = Counter(option for _, option in latest.values())
    found[NOT_ASKED] = len(set(now.values())) - len(latest)
    return found
