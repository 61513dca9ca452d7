"""The tables of checks and of the roles that ask for them, and what a sealed check holds."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.safeguarding.models import Record, SealedRow


class Act(StrEnum):
    """What somebody is made here that brings them close to others: a role says which of these it is taken on by."""

    HOST = "host"
    VOLUNTEER = "volunteer"
    LEADER = "leader"
    DEPUTY = "deputy"


class Level(StrEnum):
    """How far a check looks. Scotland's are those of the Disclosure (Scotland) Act 2020."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced_barred"
    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    PVG = "pvg"


_DISCLOSURE_AND_BARRING = (Level.BASIC, Level.STANDARD, Level.ENHANCED, Level.ENHANCED_BARRED)

LEVELS: Mapping[Jurisdiction, tuple[Level, ...]] = {
    Jurisdiction.ENGLAND: _DISCLOSURE_AND_BARRING,
    Jurisdiction.WALES: _DISCLOSURE_AND_BARRING,
    Jurisdiction.NORTHERN_IRELAND: _DISCLOSURE_AND_BARRING,
    Jurisdiction.SCOTLAND: (Level.LEVEL_1, Level.LEVEL_2, Level.PVG),
}
"""The levels of each jurisdiction, each looking further than those before it: DBS, AccessNI, Disclosure Scotland."""


class CheckRole(Base):
    """What a role may ask in a jurisdiction, in place of what the movement began with, why, and by which law.

    ``at_most`` is the furthest check that may lawfully be asked for; none: no check at all. ``asks`` is the one without
    which nobody takes it on.
    """

    __tablename__ = "check_roles"

    movement: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    acts: Mapped[list[str]] = mapped_column(sa.JSON)
    asks: Mapped[str | None]
    at_most: Mapped[str | None]
    eligibility: Mapped[str]
    source: Mapped[str]
    renew_days: Mapped[int | None]
    version: Mapped[int]
    updated_at: Mapped[datetime]


class Rule(NamedTuple):
    """What a role may ask in a jurisdiction; version 0: as the movement began with."""

    role: str
    jurisdiction: Jurisdiction
    acts: frozenset[Act]
    asks: Level | None
    at_most: Level | None
    eligibility: str
    source: str
    renew_days: int | None
    version: int = 0

    def may_ask(self, level: Level) -> bool:
        """Whether a check that looks so far may be asked for."""
        return self.at_most is not None and _rank(self, level) <= _rank(self, self.at_most)

    def is_met_by(self, level: Level) -> bool:
        """Whether a check that looks so far is what is asked for."""
        return self.asks is None or _rank(self, level) >= _rank(self, self.asks)


def _rank(rule: Rule, level: Level) -> int:
    """How far a level looks among those of the rule's jurisdiction; one of another jurisdiction is not among them."""
    return LEVELS[rule.jurisdiction].index(level)


class CheckRow(SealedRow):
    """Sealed: that somebody was checked for a role."""

    __tablename__ = "checks"


class Check(Record, kw_only=True):
    """That a certificate was seen: for which role, how far it looked, its number and its date. Not what it says."""

    person: str
    role: str
    jurisdiction: Jurisdiction
    eligibility: str
    level: Level
    number: str
    issued_on: date
    seen_on: date
    seen_by: str
    review_on: date | None
    ended_on: date | None = None

    def people(self) -> tuple[str, ...]:
        """Who was checked."""
        return (self.person,)

    def holds_on(self, day: date) -> bool:
        """Whether it counts on a day: it was not ended, and is not due to be looked at again."""
        return (self.ended_on is None or self.ended_on > day) and (self.review_on is None or self.review_on > day)
