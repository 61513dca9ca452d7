"""Settling how long a kind of record is kept, and what is done then."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.trust.retention import store
from services.members.trust.retention.kinds import Action, Kind
from services.members.trust.retention.models import RetentionRule
from services.members.trust.retention.schedule import SCHEDULE
from services.members.trust.retention.schemas import Settling
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.retention import RetentionRuleSettled
from shared.ids import new_id


class Ruled(NamedTuple):
    """A kind of record, and the rule of the movement for it; None while it has settled none."""

    kind: Kind
    rule: RetentionRule | None


def every(session: Session, movement: str) -> Sequence[Ruled]:
    """The whole schedule, with what the movement has settled."""
    settled = {rule.kind: rule for rule in store.settled(session, movement)}
    return [Ruled(kind, settled.get(key)) for key, kind in SCHEDULE.items()]


def read(session: Session, movement: str, kind: str) -> Ruled:
    """One kind. Raises NotFound."""
    return Ruled(of_key(kind), store.rule(session, movement, kind))


def settle(session: Session, movement: str, key: str, said: Settling, expected: int | None) -> Ruled:
    """Say how long a kind is kept. Raises NotFound, PreconditionFailed, and Invalid with all that is impossible."""
    kind = of_key(key)
    rule = store.rule(session, movement, key, lock=True)
    hold_to(0 if rule is None else rule.version, expected)
    if faults := list(_faults(kind, said)):
        raise Invalid(faults=faults)
    if rule is None:
        rule = RetentionRule(movement=movement, kind=key, id=new_id("retention"), version=0, looked_on=None)
        session.add(rule)
    rule.months, rule.days, rule.after, rule.action = said.months, said.days, said.after, said.action
    rule.source, rule.daily = said.source, said.daily
    rule.version, rule.updated_at, rule.settled_by = rule.version + 1, clock.now(), of(session).context.actor
    outbox.record(session, RetentionRuleSettled(rule=rule.id, kind=key, action=rule.action, version=rule.version))
    return Ruled(kind, rule)


def of_key(key: str) -> Kind:
    """The kind of this key. Raises NotFound."""
    kind = SCHEDULE.get(key)
    if kind is None:
        raise NotFound
    return kind


def _faults(kind: Kind, said: Settling) -> Iterator[Fault]:
    if kind.standard is None:
        yield Fault("", f"ends by {kind.because}", "ends_by_something_else")
        return
    if said.after not in kind.after:
        yield Fault("/after", f"is none of {', '.join(kind.after)}", "unknown_event")
    if said.action not in kind.may:
        yield Fault("/action", f"is none of {', '.join(kind.may)}", "not_for_this_kind")
    if said.action is not Action.REVIEW and said.months == said.days == 0:
        yield Fault("/months", "is no period: it would be gone as soon as it is there", "no_period")
    if said.daily and said.action is Action.REVIEW:
        yield Fault("/daily", "is of no use: looking takes somebody", "not_for_review")
