"""The ladder's verbs: people climb by what they do, and what comes late, is voided or decided is reckoned anew."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.ladder import engine, moments, rules, steps, store, timelines
from services.members.engagement.ladder.engine import RUNGS, Activity, Rung
from services.members.engagement.ladder.models import Cause
from services.members.engagement.ladder.policies import Rules
from services.members.engagement.ladder.replay import Course, Step, replay
from services.members.engagement.ladder.store import Member
from services.members.engagement.memberships import store as memberships
from shared import outbox
from shared.errors import Conflict
from shared.events.members.engagement import MembershipStateChanged

_QUIET, _ACTIVE = "quiet", "active"


class NoLadder(Conflict):
    """The person has no place on the ladder, and nobody is told why."""

    code = "no_ladder"
    title = "This person has no place on the ladder"


class Moved(NamedTuple):
    """How many people stand higher than before, and how many lower."""

    up: int
    down: int


def join(session: Session, movement: str, person: str, membership: str, done: Sequence[Activity]) -> Member:
    """Put somebody who joins on the lowest rung, and as far up as what they do in joining takes them."""
    now, today = rules.applied(session, movement), days.today(session, movement)
    found = engine.tallies(now.policy, done, today)
    reached = engine.computed(now.policy, found)
    stands = engine.effective(reached, None)
    joined = Member(person, membership, Rung.OBSERVER, reached)
    steps.take(session, movement, joined._replace(rung=None), Rung.OBSERVER, Cause.JOINED, steps.Ground(now, today))
    if stands is not Rung.OBSERVER:
        ground = steps.Ground(now, today, _climbed(now, Rung.OBSERVER, stands, found))
        steps.take(session, movement, joined, stands, Cause.ACTIVITY, ground)
    return joined._replace(rung=stands)


def climb(
    session: Session, movement: str, members: Sequence[Member], kinds: Collection[str], since: date | None = None
) -> None:
    """Bring members up to date with activities of these kinds, just recorded and done from a day on (None: any day).

    One count tells of nearly everybody that they stay where they are, and of what was done today how far it takes
    them. Whoever may have climbed by something late, and whoever was quiet, is reckoned anew.
    """
    now, today = rules.applied(session, movement), days.today(session, movement)
    anew, counted, zone = [], [], days.zone(session, movement)
    for member in members:
        if member.state == _QUIET:
            anew.append(member)
        elif member.rung is None:
            continue
        elif member.held or since is None or not (since >= today or _is_plain(member, now, since, zone)):
            anew.append(member)
        elif now.policy.concerns(kinds):
            counted.append(member)
    anew += _move_up(session, movement, counted, now, today, since or today)
    if anew:
        bring_up_to_date(session, movement, anew, Cause.ACTIVITY)


def _is_plain(member: Member, now: Rules, since: date, zone: str) -> bool:
    """Whether something done on a past day can only have taken the member up, by the rules that are in force now.

    So it is where no review has lowered what was computed since, and nothing is computed that is confirmed.
    """
    return (
        now.since < moments.end_of(zone, since - timedelta(days=1))
        and (member.lowered_on is None or member.lowered_on <= since)
        and Rung(member.computed_rung or RUNGS[0]) not in engine.CONFIRMED
    )


def bring_up_to_date(
    session: Session, movement: str, members: Sequence[Member], cause: Cause, confirmed_by: str | None = None
) -> Moved:
    """Let every member stand where all that is known of them says, today. `members` are locked.

    It is what follows any change that is more than an activity of today: one that was voided or comes late, a decision,
    another policy, a review, records that turn out to be one person's.
    """
    if not members:
        return Moved(0, 0)
    zone, today = days.zone(session, movement), days.today(session, movement)
    versions, reviews = rules.versions(session, movement), store.reviews(session, movement)
    facts = timelines.of(session, movement, [member.person for member in members], zone)
    up = down = 0
    for member in members:
        course = replay(versions, reviews, facts[member.person], today)
        before, after = (
            _height(member.rung),
            _height(_settle(session, movement, member, course, cause, today, confirmed_by).rung),
        )
        up, down = up + (after > before), down + (after < before)
    return Moved(up, down)


def _settle(
    session: Session,
    movement: str,
    member: Member,
    course: Course,
    cause: Cause,
    today: date,
    confirmed_by: str | None,
) -> Member:
    """Store where the course has taken a member, and say so where they stand on another rung than before."""
    settled = member._replace(
        rung=course.rung,
        computed_rung=course.computed,
        confirmed_rung=course.confirmed,
        state=_state(member.state, course.quiet),
        held=course.held,
        off_ladder=course.excluded,
        lowered_on=course.lowered_on,
    )
    if settled == member:
        return member
    store.settle(session, movement, settled)
    if settled.state != member.state:
        _note_turn(session, movement, member, settled.state)
    if settled.rung != member.rung:
        ground = _ground(course, member.rung, today)
        steps.take(session, movement, member, course.rung, cause, ground, confirmed_by)
    return settled


def _note_turn(session: Session, movement: str, member: Member, state: str) -> None:
    """Keep and announce that somebody became quiet, or active again by what they did."""
    memberships.add_change(session, movement, member.membership, member.state, state, computed=True)
    turned = MembershipStateChanged(
        person=member.person, membership=member.membership, from_state=member.state, to_state=state
    )
    outbox.record(session, turned)


def _ground(course: Course, stood: str | None, today: date) -> steps.Ground:
    """What rests under a member's way from where they stood: all the steps of the course since it last stood there."""
    since: list[Step] = []
    for step in reversed(course.steps):
        since.insert(0, step)
        if step.from_rung == stood:
            return steps.Ground(since[-1].rules, since[-1].as_of, [each for one in since for each in one.evidence])
    return steps.Ground(course.rules, today, course.steps[-1].evidence if course.steps else ())


def _move_up(
    session: Session, movement: str, members: Sequence[Member], now: Rules, today: date, since: date
) -> list[Member]:
    """Count what members did up to today; whoever may have climbed on a day before today, from ``since`` on, is left.

    Nobody ever moves down here.
    """
    climbing = [member for member in members if member.computed_rung != RUNGS[-1]]
    if not climbing:
        return []
    left, people = [], [member.person for member in climbing]
    found = store.tallies(session, movement, people, now.policy.selections(), today, since)
    for member in climbing:
        computed, stood = Rung(member.computed_rung or RUNGS[0]), Rung(member.rung or RUNGS[0])
        reached = engine.highest(computed, engine.computed(now.policy, found[member.person]))
        if reached is computed:
            continue
        if since < today:
            left.append(member)
            continue
        stands = engine.effective(reached, None if member.confirmed_rung is None else Rung(member.confirmed_rung))
        store.move(session, movement, member.person, stands, reached)
        if stands is not stood:
            ground = steps.Ground(now, today, _climbed(now, stood, stands, found[member.person]))
            steps.take(session, movement, member, stands, Cause.ACTIVITY, ground)
    return left


def _climbed(now: Rules, stood: Rung, stands: Rung, found: engine.Tallies) -> list[engine.Finding]:
    """What was found for each rule of each rung that was climbed."""
    climbed = RUNGS[stood.height + 1 : stands.height + 1]
    return [finding for rung in climbed for finding in engine.findings(now.policy, rung, found)]


def _state(state: str, quiet: bool) -> str:
    """Active and quiet follow from what somebody does; every other state is somebody's word."""
    if state not in (_ACTIVE, _QUIET):
        return state
    return _QUIET if quiet else _ACTIVE


def _height(rung: str | None) -> int:
    return -1 if rung is None else Rung(rung).height
