"""What the ladder knows of people, read for many at once: the dated facts that a replay goes through."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.engagement.activities.models import Activity as Recorded
from services.members.engagement.ladder import moments
from services.members.engagement.ladder.engine import Activity, Rung
from services.members.engagement.ladder.models import Decided, LadderDecision
from services.members.engagement.ladder.replay import Decision, Fact, State, What
from services.members.engagement.memberships.models import Membership, MembershipChange
from shared.db.types import microseconds

LATEST = 2**62
"""Later than any instant: everything is known by then."""

_at = sa.type_coerce(LadderDecision.at, sa.BigInteger)
_recorded_at = sa.type_coerce(Recorded.recorded_at, sa.BigInteger)
_voided_at = sa.type_coerce(Recorded.voided_at, sa.BigInteger)


def of(
    session: Session, movement: str, people: Sequence[str], zone: str, known: int = LATEST
) -> Mapping[str, list[Fact]]:
    """The facts about each member, as known at an instant (microseconds; by default all that is known), in no order."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for person, fact in (
        *_turns(session, movement, people, zone, known),
        *_decisions(session, movement, people, zone, known),
        *_activities(session, movement, people, zone, known),
    ):
        facts[person].append(fact)
    return facts


def _turns(session: Session, movement: str, people: Sequence[str], zone: str, known: int) -> Iterator[tuple[str, Fact]]:
    """When each joined, and every turn that somebody's word made since."""
    joined_at, at = (
        sa.type_coerce(Membership.joined_at, sa.BigInteger),
        sa.type_coerce(MembershipChange.at, sa.BigInteger),
    )
    theirs = (Membership.movement == movement, Membership.person.in_(people))
    for person, when in session.execute(sa.select(Membership.person, joined_at).where(*theirs, joined_at <= known)):
        yield str(person), Fact(moments.of(zone, when), What.STATE, State("active"))
    changes = sa.select(Membership.person, MembershipChange.to_state, at).join(
        MembershipChange,
        sa.and_(MembershipChange.movement == Membership.movement, MembershipChange.membership == Membership.id),
    )
    spoken = (MembershipChange.computed.is_(False), at > joined_at, at <= known)
    for person, state, when in session.execute(changes.where(*theirs, *spoken)):
        yield str(person), Fact(moments.of(zone, when), What.STATE, State(state))


def _decisions(
    session: Session, movement: str, people: Sequence[str], zone: str, known: int
) -> Iterator[tuple[str, Fact]]:
    columns = (LadderDecision.person, LadderDecision.id, LadderDecision.decided, LadderDecision.rung)
    query = sa.select(*columns, _at, LadderDecision.ended_at, LadderDecision.until).where(
        LadderDecision.movement == movement, LadderDecision.person.in_(people), _at <= known
    )
    for person, which, decided, rung, at, ended_at, until in session.execute(query.order_by(_at, LadderDecision.id)):
        decision = Decision(which, Decided(decided), None if rung is None else Rung(rung))
        yield person, Fact(moments.of(zone, at), What.BEGINS, decision)
        ends = [] if until is None else [moments.begin(until + timedelta(days=1))]
        if ended_at is not None and microseconds(ended_at) <= known:
            ends.append(moments.of(zone, microseconds(ended_at)))
        if ends:
            yield person, Fact(min(ends), What.ENDS, decision)


def _activities(
    session: Session, movement: str, people: Sequence[str], zone: str, known: int
) -> Iterator[tuple[str, Fact]]:
    columns = (Recorded.person, Recorded.id, Recorded.kind, Recorded.on, Recorded.counterpart, _recorded_at)
    counting = Recorded.voided_at.is_(None) if known == LATEST else sa.func.coalesce(_voided_at, LATEST) > known
    query = sa.select(*columns).where(
        Recorded.movement == movement, Recorded.person.in_(people), counting, _recorded_at <= known
    )
    for person, which, kind, on, counterpart, recorded_at in session.execute(query):
        activity = Activity(which, kind, on, counterpart)
        yield person, Fact(moments.of_activity(zone, on, recorded_at), What.ACTIVITY, activity)
