"""What a caller that acts for an organisation may not have, today, for want of an agreement."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import orm

from services.gateway.agreements import store
from shared import clock
from shared.coverage import Control, Coverage, DataClass, Term, Withheld, coverage, refusal
from shared.db.types import microseconds
from shared.errors import Fault, Invalid


@dataclass(frozen=True, slots=True)
class Held:
    """What an organisation's agreements and the records that it controls say, in the days of its movement."""

    zone: ZoneInfo
    terms: Sequence[Term]
    controls: Sequence[Control]

    @property
    def today(self) -> date:
        """The day it is where the movement is."""
        return clock.now().astimezone(self.zone).date()

    @property
    def is_controller(self) -> bool:
        """Whether it is the controller of any kind of record today: then it is no other organisation."""
        today = self.today
        return any(
            each.starts_on <= today and (each.ended_on is None or today < each.ended_on) for each in self.controls
        )

    def answer(self, data_class: DataClass, purpose: str | None) -> Coverage:
        """Whether a class of data is covered today."""
        return coverage(self.terms, self.controls, data_class, purpose, self.today)

    def withheld(self, purpose: str | None) -> Withheld:
        """Every class of data that is not covered today, and why."""
        answers = [(data_class, self.answer(data_class, purpose)) for data_class in DataClass]
        return tuple((data_class.value, answer) for data_class, answer in answers if not answer)

    def midnight(self, day: date) -> int:
        """When a day begins where the movement is, in microseconds since 1970."""
        return microseconds(datetime.combine(day, time(), self.zone))

    @property
    def tomorrow(self) -> int:
        """When the answers may be others with nothing having changed: as tomorrow begins."""
        return self.midnight(self.today + timedelta(days=1))

    def covered_until(self, classes: Iterable[DataClass], purpose: str | None) -> int | None:
        """Until when all of these are covered, in microseconds since 1970: the past where one is not; None: no end."""
        answers = [self.answer(data_class, purpose) for data_class in classes]
        if not all(answers):
            return 0
        ends = [answer.day for answer in answers if answer.day is not None]
        return self.midnight(min(ends)) if ends else None


def held(session: orm.Session, movement: str, organisation: str) -> Held:
    """What an organisation's agreements say, and what it controls, whichever of its ids is given."""
    zone = ZoneInfo(store.zone(session, movement))
    ids = store.every_id(session, movement, organisation)
    return Held(zone, store.terms(session, movement, ids), store.controls(session, movement, ids))


def refuse_uncovered(
    session: orm.Session,
    movement: str,
    organisation: str | None,
    classes: Collection[DataClass],
    purpose: str | None,
    pointer: str,
) -> int | None:
    """Raise NotCovered where an organisation is to have personal data that no agreement covers, naming every class.

    Answers until when all of it is covered, in microseconds since 1970; None: without end. Raises Invalid where it is
    not said for what purpose, without which no agreement can be held to it.
    """
    if organisation is None or not classes:
        return None
    if purpose is None:
        raise Invalid(faults=[Fault("/purpose", "is needed: an organisation is to have personal data", "missing")])
    found = held(session, movement, organisation)
    answers = [(data_class, found.answer(data_class, purpose)) for data_class in sorted(classes)]
    lacking = [refusal(data_class, answer) for data_class, answer in answers if not answer]
    if lacking:
        first = lacking[0]
        faults = [Fault(pointer, each.detail, each.code) for each in lacking]
        raise type(first)(first.detail, faults=faults)
    return found.covered_until(classes, purpose)
