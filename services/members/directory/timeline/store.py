"""The one SQL statement that every happening is read by."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.happenings import Happening
from shared.db.types import from_microseconds, microseconds


class Entry(NamedTuple):
    """One thing that happened. In the order of its first three parts, the latest comes last."""

    at: datetime
    kind: str
    record: str
    words: str
    on: date | None


class Span(NamedTuple):
    """The part of a timeline that is asked for: from a moment, to before another, behind the last that was shown."""

    since: datetime | None
    until: datetime | None
    after: tuple[int, str, str] | None


def entries(
    session: Session, movement: str, happening: Happening, person: str, span: Span, zone: str, limit: int
) -> list[Entry]:
    """The latest that happened of one kind, the latest first."""
    moment = _Moments(happening, ZoneInfo(zone))
    query = (
        sa.select(happening.at, happening.record, *happening.facts)
        .where(happening.person.class_.movement == movement, happening.person == person, happening.at.is_not(None))
        .where(*happening.where)
    )
    if span.since is not None:
        query = query.where(moment.is_from(span.since))
    if span.until is not None:
        query = query.where(moment.is_before(span.until))
    if span.after is not None:
        query = query.where(moment.is_behind(*span.after))
    rows = session.execute(query.order_by(happening.at.desc(), happening.record.desc()).limit(limit))
    return [
        Entry(moment.of(at), happening.kind, record, happening.told(facts), at if happening.is_of_a_day else None)
        for at, record, *facts in rows
        if at is not None  # as the query sees to
    ]


class _Moments:
    """When something happened, as a moment: of what is known by its day, the beginning of that day."""

    def __init__(self, happening: Happening, zone: ZoneInfo) -> None:
        self._happening, self._zone = happening, zone

    def of(self, at: datetime | date) -> datetime:
        return at if isinstance(at, datetime) else datetime.combine(at, time(), self._zone)

    def is_from(self, moment: datetime) -> sa.ColumnElement[bool]:
        return self._happening.at >= self._first_from(moment)

    def is_before(self, moment: datetime) -> sa.ColumnElement[bool]:
        return self._happening.at < self._first_from(moment)

    def is_behind(self, at: int, kind: str, record: str) -> sa.ColumnElement[bool]:
        """Earlier; of what happened at the same moment, by kind and record."""
        moment = from_microseconds(at)
        same = (
            self._happening.at >= self._first_from(moment),
            self._happening.at < self._first_from(moment + timedelta(microseconds=1)),
        )
        earlier = self.is_before(moment)
        if self._happening.kind == kind:
            return sa.or_(earlier, sa.and_(*same, self._happening.record < record))
        return sa.or_(earlier, sa.and_(*same)) if self._happening.kind < kind else earlier

    def _first_from(self, moment: datetime) -> datetime | date:
        """The first moment, or the first day that begins, not before this."""
        if not self._happening.is_of_a_day:
            return moment
        local = moment.astimezone(self._zone)
        begun = datetime.combine(local.date(), time(), self._zone)
        return local.date() if begun >= local else local.date() + timedelta(days=1)


def position(entry: Entry) -> tuple[int, str, str]:
    """Where a timeline goes on behind this."""
    return microseconds(entry.at), entry.kind, entry.record


def latest(found: Sequence[Sequence[Entry]], limit: int) -> list[Entry]:
    """The latest of all kinds, the latest first."""
    together = [entry for entries in found for entry in entries]
    return sorted(together, key=lambda entry: entry[:3], reverse=True)[:limit]
