"""Whether somebody's data may be used, and why: for one person, and as a condition for lists of many.

Both come to the same answer for everybody (a test holds them to it). Of two decisions of one moment the refusal holds,
and so does a stop of the same moment.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people.models import Person
from services.members.trust.permissions import barring, store
from services.members.trust.permissions.asked import NOW, Asked, Barred, Moment
from services.members.trust.permissions.models import Channel, Decision, Permission, Reason
from services.members.trust.permissions.store import Column, Said
from services.members.trust.purposes import store as purposes


class Verdict(NamedTuple):
    """Whether something is permitted, and every reason: one where it is, one or more where it is not.

    The reasons are for rules and never for an answer as they are: that somebody is protected is told to nobody.
    """

    permitted: bool
    reasons: tuple[Reason, ...]


Use = tuple[str, str]
"""A use of somebody's data: the key of its purpose, and its channel."""


def verdict(session: Session, movement: str, person: str, purpose: str, channel: str, at: datetime) -> Verdict:
    """Whether a person's data may be used for a purpose over a channel at a moment. The id is their present one."""
    use = (purpose, channel)
    return verdicts(session, movement, [person], [use], at)[person][use]


def verdicts(
    session: Session, movement: str, people: Collection[str], uses: Collection[Use], at: datetime
) -> Mapping[str, Mapping[Use, Verdict]]:
    """The same for several people and uses: what they said, and which bars concern whom, is read once.

    For one use of a great many people it is :func:`among`.
    """
    said = store.said_by(session, movement, people, at)
    concerning = barring.concerning(session, movement, people, _day(session, movement, at))
    found: dict[str, dict[Use, Verdict]] = {person: {} for person in people}
    for use in uses:
        asked = _asked(session, movement, *use, at)
        kept_out = barring.kept_out(session, movement, asked, concerning)
        for person in people:
            decided = _decided(said[person], asked)
            against = [reason for reason, whom in kept_out.items() if person in whom]
            if not decided.permits:
                against.insert(0, decided)
            found[person][use] = Verdict(not against, tuple(against) or (decided,))
    return found


def permitting(
    session: Session, movement: str, column: Column, purpose: str, channel: str, at: Moment
) -> sa.ColumnElement[bool]:
    """The condition that the person whose id is in a column permits it: what every query about many people carries.

    True or false, and never NULL where the column is not. That of :data:`NOW` is remembered: to make it takes longer
    than most of the queries that carry it.
    """
    asked = _asked(session, movement, purpose, channel, at)
    if asked.purpose.retired:
        return sa.false()
    condition = _remembered if at is NOW else _condition
    return condition(movement, column, asked, barring.barred(session, movement, asked))


def among(
    session: Session, movement: str, people: Collection[str], purpose: str, channel: str, at: datetime
) -> frozenset[str]:
    """Those of some people, by their present ids, who permit it: for what goes through a list that was made before."""
    condition = permitting(session, movement, Person.id, purpose, channel, at)
    query = sa.select(Person.id).where(Person.movement == movement, Person.id.in_(people), condition)
    return frozenset(session.scalars(query))


def _condition(movement: str, column: Column, asked: Asked, barred: tuple[Barred, ...]) -> sa.ColumnElement[bool]:
    stops = asked.purpose.obeys_a_stop(asked.channel)
    if asked.purpose.needs_a_yes(asked.channel):
        decided = store.gave(movement, column, asked, stops=stops)
    else:
        decided = ~store.said_no(movement, column, asked, stops=stops)
    return sa.and_(decided, *(column.not_in(whom) for whom in barred if not isinstance(whom, frozenset) or whom))


_remembered = lru_cache(maxsize=256)(_condition)


def _asked(session: Session, movement: str, purpose: str, channel: str, at: Moment) -> Asked:
    return Asked(purposes.rule(session, movement, purpose), Channel(channel), at, _day(session, movement, at))


def _day(session: Session, movement: str, at: Moment) -> date:
    if not isinstance(at, datetime):
        return days.today(session, movement)
    return at.astimezone(ZoneInfo(days.zone(session, movement))).date()


def _decided(said: Said, asked: Asked) -> Reason:
    """What the person's own decisions and the purpose's basis come to."""
    rule, channel = asked.purpose, asked.channel
    if rule.retired:
        return Reason.RETIRED
    latest = said.latest.get((rule.key, channel))
    stop = said.stop if rule.obeys_a_stop(channel) else None
    if stop is not None and (latest is None or latest.decided_at <= stop.stopped_at):
        return Reason.STOPPED
    if latest is not None and latest.decision == Decision.REFUSED:
        return Reason.REFUSED
    if not rule.needs_a_yes(channel):
        return Reason.LAWFUL
    return Reason.NEVER_GIVEN if latest is None else _in_force(latest, asked.day)


def _in_force(yes: Permission, day: date) -> Reason:
    if yes.holds_from is not None and day < yes.holds_from:
        return Reason.NOT_YET
    if yes.review_on is not None and day > yes.review_on:
        return Reason.REVIEW_PASSED
    return Reason.GIVEN
