"""What is sealed for safeguarding: each table, what a row of it holds, and the day on which a record of it was over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.members.trust.safeguarding.checks.models import Check, CheckRow
from services.members.trust.safeguarding.concerns.models import Concern, ConcernRow
from services.members.trust.safeguarding.keep_apart.models import ApartPair, KeptApart
from services.members.trust.safeguarding.models import Record, SealedRow
from services.members.trust.safeguarding.protected.models import ProtectedPerson, Protection


@dataclass(frozen=True, slots=True)
class SealedKind:
    """A kind of sealed record."""

    name: str
    table: type[SealedRow]
    record: type[Record]


SEALED_KINDS: Sequence[SealedKind] = (
    SealedKind("concerns", ConcernRow, Concern),
    SealedKind("checks", CheckRow, Check),
    SealedKind("protected_people", ProtectedPerson, Protection),
    SealedKind("kept_apart", ApartPair, KeptApart),
)
"""Every kind; a test fails on a sealed table that is in none."""


def over_on(record: Record, zone: ZoneInfo) -> date | None:
    """The day on which a record was over, where the movement is; None while it is not."""
    match record:
        case Concern():
            return _day(record.closed_at, zone)
        case Check():
            return record.ended_on
        case Protection() | KeptApart():
            return _day(record.ended_at, zone)
    return None


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()
