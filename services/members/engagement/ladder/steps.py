"""A step on the ladder: stored with what it rests on, and announced, in the transaction that takes it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from sqlalchemy.orm import Session

from services.members.engagement.ladder import store
from services.members.engagement.ladder.engine import Finding, Rung
from services.members.engagement.ladder.models import Cause, RungChange
from services.members.engagement.ladder.policies import Rules
from services.members.engagement.ladder.store import Member
from shared import clock, outbox
from shared.events.members.engagement import MembershipRungChanged, MembershipRungRemoved
from shared.ids import new_id


class Ground(NamedTuple):
    """What a step rests on: the rules, the day up to which was counted, and what was found for each rule."""

    rules: Rules
    as_of: date
    evidence: Sequence[Finding] = ()


def take(
    session: Session,
    movement: str,
    member: Member,
    to_rung: Rung | None,
    cause: Cause,
    ground: Ground,
    confirmed_by: str | None = None,
) -> RungChange:
    """Store that a member goes from where they stand to another rung, and announce it."""
    change = RungChange(
        id=new_id("change"),
        person=member.person,
        from_rung=member.rung,
        to_rung=to_rung,
        cause=cause,
        confirmed_by=confirmed_by,
        policy=ground.rules.id,
        policy_version=ground.rules.version,
        evidence=msgspec.json.encode(ground.evidence, order="deterministic").decode(),
        as_of=ground.as_of,
        changed_at=clock.now(),
    )
    store.add_change(session, movement, change)
    _announce(session, member, to_rung, ground.rules)
    return change


def _announce(session: Session, member: Member, to_rung: Rung | None, rules: Rules) -> None:
    """Say that somebody moved. Coming onto the ladder is no move."""
    if member.rung is None:
        return
    if to_rung is None:
        gone = MembershipRungRemoved(person=member.person, membership=member.membership, from_rung=member.rung)
        outbox.record(session, gone)
        return
    moved = MembershipRungChanged(
        person=member.person,
        membership=member.membership,
        from_rung=member.rung,
        to_rung=to_rung,
        policy=rules.id,
    )
    outbox.record(session, moved)
