"""Whatever is done and decided, in any order: nobody has a rung for whom none is allowed, and all is as a replay says.

Hypothesis chooses the steps, in a movement of its own for each example, while days go by.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import ClassVar, TypeVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from services.members.directory.signups import domain as signups
from services.members.directory.signups.schemas import NewSignUp
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.models import Activity
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.ladder import (
    confirmations,
    domain,
    guard,
    holds,
    moves,
    preview,
    runs,
    standing,
    store,
    versions,
)
from services.members.engagement.ladder.engine import Pace, Policy, Rule, Rung
from services.members.engagement.ladder.models import Cause, Decided, How, Reason, RunKind
from services.members.engagement.memberships import domain as memberships
from services.members.engagement.memberships.models import HERE, Membership, State
from services.members.engagement.memberships.schemas import MembershipChanges
from shared import clock
from shared.db import Context, Database, open_database
from shared.errors import AppError
from shared.ids import new_id
from tests.plugins.parts import scale

T = TypeVar("T")
BEGAN = datetime(2026, 1, 5, 12, tzinfo=UTC)
POLICY = Policy(
    {
        Rung.FOLLOWER: (Rule(activities=1, within_days=20),),
        Rung.ACTIVE_PARTICIPANT: (Rule(distinct_days=2, within_days=10),),
        Rung.CHAMPION: (Rule(distinct_days=3, within_days=20),),
        Rung.CO_OWNER: (Rule(distinct_days=4, within_days=30),),
    },
    Pace(review_every_days=366, keep_days_longer=3, grace_days=2, quiet_after_days=10),
)


class LadderMachine(RuleBasedStateMachine):
    """Each rule takes one step through a verb; a step that is refused changes nothing."""

    runner: ClassVar[asyncio.Runner]
    database: ClassVar[Database]
    somebody: Bundle[str] = Bundle("somebody")

    def __init__(self) -> None:
        super().__init__()
        self.movement = new_id("movement")
        self.stack = ExitStack()
        self.now = self.stack.enter_context(clock.frozen(BEGAN))
        self.excluded: dict[str, set[Reason]] = {}
        drafted = self.attempt(versions.draft, POLICY)
        assert drafted is not None
        self.attempt(versions.activate, drafted.id)
        self.finish_runs()

    def teardown(self) -> None:
        self.stack.close()

    def attempt(self, verb: Callable[..., T], *arguments: object) -> T | None:
        self.now.advance(timedelta(milliseconds=5))
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        try:
            return self.runner.run(bound.write(verb, self.movement, *arguments))
        except AppError:
            return None

    def finish_runs(self) -> None:
        while self.attempt(runs.go_on, 3):
            pass

    @rule(target=somebody, child=st.booleans())
    def sign_up(self, child: bool) -> str:
        made = self.attempt(signups.sign_up, NewSignUp.model_validate({"person": {"given_name": "Ada"}}))
        assert made is not None
        if child:
            self.attempt(guard.exclude, made.person, Reason.CHILD)
        self.excluded[made.person] = {Reason.CHILD} if child else set()
        return made.person

    @rule(person=somebody, ago=st.integers(0, 12), times=st.integers(1, 3))
    def do_something(self, person: str, ago: int, times: int) -> None:
        days = [self.now.at.date() - timedelta(days=ago + number) for number in range(times)]
        self.attempt(activities.record_many, [NewActivity(person=person, kind="walk", on=day) for day in days])

    @rule(person=somebody, which=st.integers(0, 5))
    def void_something(self, person: str, which: int) -> None:
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        found = self.runner.run(bound.read(done_by, self.movement, person))
        if which < len(found):
            self.attempt(activities.void, found[which], "It was called off.")

    @rule(person=somebody, reason=st.sampled_from(list(Reason)))
    def exclude(self, person: str, reason: Reason) -> None:
        self.attempt(guard.exclude, person, reason)
        self.excluded[person].add(reason)

    @rule(person=somebody, reason=st.sampled_from(list(Reason)))
    def readmit(self, person: str, reason: Reason) -> None:
        self.attempt(guard.readmit, person, reason)
        self.excluded[person].discard(reason)

    @rule(person=somebody, rung=st.sampled_from([Rung.CHAMPION, Rung.CO_OWNER]))
    def confirm(self, person: str, rung: Rung) -> None:
        answer = confirmations.Answer(How.PHONE, self.now.at.date())
        self.attempt(confirmations.offer, person, rung, answer, "user_1")

    @rule(person=somebody)
    def step_back(self, person: str) -> None:
        answer = confirmations.Answer(How.PHONE, self.now.at.date())
        self.attempt(confirmations.step_back, person, Rung.ACTIVE_PARTICIPANT, answer)

    @rule(person=somebody, kind=st.sampled_from([Decided.LOCKED, Decided.FLOOR]), rung=st.sampled_from(list(Rung)))
    def hold(self, person: str, kind: Decided, rung: Rung) -> None:
        self.attempt(holds.put, person, kind, holds.Hold(rung, "why", self.now.at.date()), "user_1")

    @rule(person=somebody, to=st.sampled_from([State.ACTIVE, State.PAUSED, State.LEFT]))
    def turn(self, person: str, to: State) -> None:
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        membership = self.runner.run(bound.read(membership_of, self.movement, person))
        changes = MembershipChanges.model_validate({"state": to})
        self.attempt(memberships.change, membership.id, changes, None)

    @rule(days=st.integers(1, 9))
    def let_days_pass(self, days: int) -> None:
        self.now.advance(timedelta(days=days))
        self.attempt(holds.let_expire)

    @rule()
    def review(self) -> None:
        self.now.advance(timedelta(days=1))
        self.attempt(holds.let_expire)
        self.attempt(runs.start, RunKind.REVIEW)
        self.finish_runs()

    @invariant()
    def nobody_has_a_rung_for_whom_none_is_allowed(self) -> None:
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        off = {person for person, reasons in self.excluded.items() if reasons}
        assert not self.runner.run(bound.read(seen_on_the_ladder, self.movement, off))

    @invariant()
    def what_is_stored_is_what_a_replay_of_everything_gives(self) -> None:
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        assert self.runner.run(bound.write(changed_by_a_replay, self.movement, list(self.excluded))) == []

    @invariant()
    def people_are_conserved(self) -> None:
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        today = self.now.at.date()
        for known in moves.Known:
            reading = bound.read(moves.matrix, self.movement, today - timedelta(days=3), today, known)
            _, found = self.runner.run(reading)
            start = sum(one.people for one in found.transitions if one.from_rung is not None)
            end = sum(one.people for one in found.transitions if one.to_rung is not None)
            left = sum(one.people for one in found.transitions if one.to_rung is None)
            assert start + found.joined + found.came_back == end + left
            assert end == self.runner.run(bound.read(standing_now, self.movement))


def done_by(session: Session, movement: str, person: str) -> list[str]:
    query = sa.select(Activity.id).where(Activity.movement == movement, Activity.person == person)
    return list(session.scalars(query.where(Activity.voided_at.is_(None)).order_by(Activity.id)))


def membership_of(session: Session, movement: str, person: str) -> Membership:
    query = sa.select(Membership).where(Membership.movement == movement, Membership.person == person)
    return session.scalars(query).one()


def standing_now(session: Session, movement: str) -> int:
    query = sa.select(sa.func.count()).where(Membership.movement == movement, Membership.rung.is_not(None))
    return session.scalars(query.where(Membership.state.in_(HERE))).one()


def seen_on_the_ladder(session: Session, movement: str, off: set[str]) -> list[str]:
    """Those of the people whom some path shows on a rung."""
    seen = []
    drafts = [row.id for row in store.list_versions(session, movement, after=None, limit=10)]
    movers = {
        move.person for each in drafts for move in preview.preview(session, movement, each, after="", limit=99).some
    }
    for person in off:
        now = standing.standing(session, movement, person)
        _, then = standing.as_of(session, movement, person, None, None)
        on_a_rung = (now.rung, now.awaiting, then.rung, membership_of(session, movement, person).rung)
        if any(on_a_rung) or now.history or person in movers:
            seen.append(person)
    return seen


def changed_by_a_replay(session: Session, movement: str, people: list[str]) -> list[tuple[object, object]]:
    """What reckoning everybody anew would change: before and after."""
    before = store.for_change(session, movement, people) if people else []
    domain.bring_up_to_date(session, movement, before, Cause.RECOMPUTED)
    after = store.for_change(session, movement, people) if people else []
    return [(was, now) for was, now in zip(before, after, strict=True) if was != now]


def test_every_sequence_of_steps_leaves_the_ladder_right(service_url: str) -> None:
    with asyncio.Runner() as runner:
        database = open_database(service_url, pool=2)
        runner.run(database.open())
        LadderMachine.runner, LadderMachine.database = runner, database
        run_state_machine_as_test(
            LadderMachine,
            settings=settings(
                max_examples=scale(8), stateful_step_count=25, suppress_health_check=list(HealthCheck), deadline=None
            ),
        )
        runner.run(database.close())
