"""Reading everything that somebody allows, and deciding several things at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.directory.people import store as people
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions import store as decisions
from services.members.trust.permissions import verdicts
from services.members.trust.permissions.models import Channel, Reason
from services.members.trust.permissions.schemas import NewPermission
from services.members.trust.permissions.verdicts import Verdict
from services.members.trust.purposes import domain as purposes
from services.members.trust.purposes.models import Purpose
from services.members.trust.purposes.standard import Standard
from shared import clock
from shared.db.hot import settle
from shared.errors import Conflict, Fault, Invalid, NotFound

OVER = tuple(channel for channel in Channel if channel is not Channel.RECORD)
"""What people are asked about: how they are reached, what is published and handed on; not who keeps their record."""

TOLD = frozenset({Reason.RESTRICTED, Reason.OBJECTED, Reason.CHILD, Reason.PROTECTED})
"""The reasons that are not told apart in an answer: one of them is safeguarding's alone."""


class Held(NamedTuple):
    """What holds for a purpose over a channel now; ``why`` is None where the reason is not told."""

    channel: Channel
    permitted: bool
    why: Reason | None


class Preferences(NamedTuple):
    """What holds for somebody, by purpose, and since when a stop stands."""

    person: str
    stopped_at: datetime | None
    purposes: Sequence[tuple[Purpose | Standard, Sequence[Held]]]


def read(session: Session, movement: str, person: str) -> Preferences:
    """What somebody allows now. Raises NotFound."""
    now_known_as = people.present_id(session, movement, person)
    if not people.known(session, movement, [now_known_as]):
        raise NotFound
    at = clock.now()
    stop = decisions.latest_stop(session, movement, now_known_as, at)
    asked = [each for each in purposes.every(session, movement) if not each.rule.retired]
    uses = [(each.rule.key, over) for each in asked for over in OVER]
    answered = verdicts.verdicts(session, movement, [now_known_as], uses, at)[now_known_as]
    found = [(each, [_held(over, answered[each.rule.key, over]) for over in OVER]) for each in asked]
    return Preferences(now_known_as, None if stop is None else stop.stopped_at, found)


def decide(session: Session, movement: str, person: str, said: Sequence[NewPermission]) -> Preferences:
    """Take several decisions of somebody, or none. Raises NotFound, and Invalid with what is wrong with each."""
    faults: list[Fault] = []
    for place, each in enumerate(said):
        try:
            permissions.decide(session, movement, person, each)
            settle(session)  # the next one is held to it
        except Invalid as wrong:
            faults += [Fault(f"/decisions/{place}{one.pointer}", one.reason, one.code) for one in wrong.faults]
        except Conflict as wrong:
            faults.append(Fault(f"/decisions/{place}", wrong.title, wrong.code))
    if faults:
        raise Invalid(faults=faults)
    return read(session, movement, person)


def _held(over: Channel, verdict: Verdict) -> Held:
    told = [reason for reason in verdict.reasons if reason not in TOLD]
    return Held(over, verdict.permitted, told[0] if told else None)
