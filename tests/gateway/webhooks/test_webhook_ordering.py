"""The order of deliveries: a subject's, or all of them, one after another, whatever fails, dies or answers late."""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import orm

from services.gateway.feed import store as feed_store
from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks import queue
from services.gateway.webhooks.models import Ordering
from services.gateway.webhooks.outcomes import Recorder, record
from services.gateway.webhooks.queue import Destination, Leased, Queued
from services.gateway.webhooks.schedule import DELAYS
from services.gateway.webhooks.sending import Outcome
from shared import clock
from shared.db import Database
from shared.db.types import microseconds
from shared.events.members.directory import PersonUpdated
from shared.ids import new_id
from shared.secrets import Secrets, create_all
from shared.settings import Settings
from tests.gateway.outward import Json, Outward, offline
from tests.gateway.receiver import Got, Say
from tests.gateway.running import ON_ONE_DATABASE

PEOPLE = ("person_1", "person_2", "person_3")


def changes(count: int) -> list[PersonUpdated]:
    """So many changes of each of three people, in turns."""
    return [PersonUpdated(person=person, version=number) for number in range(2, 2 + count) for person in PEOPLE]


async def ordered(outward: Outward, ordering: Ordering) -> Json:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    return await outward.us.change(endpoint, ordering=ordering)


async def test_a_subject_that_fails_holds_up_its_own_events_and_nobody_elses(outward: Outward) -> None:
    async def refuse_one(got: Got) -> Say:
        return Say(500 if got.event["subject"] == PEOPLE[0] else 200)

    outward.receiver.answers["/hook"] = refuse_one
    with clock.frozen(clock.now()) as time:
        endpoint = await ordered(outward, "ordered_by_key")
        await outward.publish(*changes(3))
        await outward.settled(endpoint, "succeeded", 6)
        assert _arrived(outward)[PEOPLE[0]] == [1]
        assert len(await outward.us.deliveries(endpoint, status="behind")) == 2
        outward.receiver.says("/hook", 200)
        time.advance(timedelta(seconds=5))
        outward.sender.wake()
        await outward.settled(endpoint, "succeeded", 9)

    assert _arrived(outward) == {PEOPLE[0]: [1, 1, 2, 3], PEOPLE[1]: [1, 2, 3], PEOPLE[2]: [1, 2, 3]}


async def test_a_strict_endpoint_gets_all_events_one_after_another(outward: Outward) -> None:
    endpoint = await ordered(outward, "strict")
    await outward.publish(*changes(5))
    await outward.settled(endpoint, "succeeded", 15)

    events = [got.event for got in outward.receiver.got]
    assert [(event["sequence"], event["subject"]) for event in events] == [
        (number, person) for number in range(1, 6) for person in PEOPLE
    ]
    assert outward.receiver.most_under_way == 1


@ON_ONE_DATABASE
async def test_what_is_given_up_lets_the_next_one_go(outward: Outward) -> None:
    outward.receiver.says("/hook", 410, 200)
    endpoint = await ordered(outward, "ordered_by_key")
    await outward.publish(*changes(2)[::3])
    await outward.settled(endpoint, "exhausted")
    await outward.us.change(endpoint, status="enabled")
    await outward.settled(endpoint, "succeeded")

    assert _arrived(outward) == {PEOPLE[0]: [1, 2]}


@ON_ONE_DATABASE
async def test_a_receiver_that_fails_a_third_of_the_time_still_sees_each_subject_in_order(outward: Outward) -> None:
    chance = random.Random(9)

    async def moody(got: Got) -> Say:
        return Say(chance.choice((200, 200, 503)))

    outward.receiver.answers["/hook"] = moody
    with clock.frozen(clock.now()) as time:
        endpoint = await ordered(outward, "ordered_by_key")
        await outward.publish(*changes(8))
        await outward.fed(24)
        while await outward.us.deliveries(endpoint, status="pending"):
            time.advance(timedelta(minutes=5))
            outward.sender.wake()
        await outward.settled(endpoint, "succeeded", 24)

    for sequences in _arrived(outward).values():
        assert sorted(sequences) == sequences
        assert set(sequences) == set(range(1, 9))


class Processes:
    """Two processes that send to one endpoint, on the product's own statements: what arrived, in order.

    An attempt arrives as it is sent; whether it is recorded, when, and by whom then, is another matter.
    """

    def __init__(self, session: orm.Session, secrets: Secrets, ordering: Ordering) -> None:
        self.movement = new_id("movement")
        self.workers = [new_id("worker"), new_id("worker")]
        self.to = Destination(True, self.movement, "hook", "", "*", b"", ordering=ordering)
        self.arrived: list[Item] = []
        self._session = session
        self._secrets = secrets
        self._now = microseconds(clock.now())
        self._position = 0
        self.published: dict[str, int] = defaultdict(int)
        self._held: dict[str, list[Leased]] = defaultdict(list)
        self._answered: dict[str, list[Outcome]] = defaultdict(list)

    def publish(self, worker: int, people: Sequence[str]) -> None:
        """Events of these people, in one batch; the process holds the first of them."""
        items = []
        for person in people:
            self._position, self.published[person] = self._position + 1, self.published[person] + 1
            items.append(_item(self.movement, self._position, person, self.published[person], self._now))
        feed_store.append(self._session, items)
        name = self.workers[worker]
        queued = [Queued(item, None) for item in items]
        self._held[name] += queue.put(self._session, self.to, queued, self._now, worker=name, room=2).leased

    def lease(self, worker: int) -> None:
        """Take what is due."""
        name = self.workers[worker]
        self._held[name] += queue.lease(self._session, self.to, name, 3, self._now).leased

    def send(self, worker: int, status: int | None) -> None:
        """Send the first that is held. None: the receiver has it, and no answer comes."""
        name = self.workers[worker]
        if self._held[name]:
            sent = self._held[name].pop(0)
            self.arrived.append(sent.item)
            self._answered[name].append(Outcome(sent, self._now, 1, status=status))

    def record(self, worker: int) -> None:
        """Record what was answered, which may be long ago."""
        name = self.workers[worker]
        if found := self._answered.pop(name, []):
            record(self._session, self.movement, found, Recorder(name, lambda: 0.5, self._secrets))

    def take_for_dead(self, worker: int) -> None:
        """Let others have what it holds: it does not know, and goes on. And every retry is due."""
        queue.release(self._session, self.workers[worker])
        self._now += 2 * max(DELAYS)

    def finish(self) -> None:
        """One process goes on alone, and is answered."""
        for worker in range(2):
            self.record(worker)
            self.take_for_dead(worker)
        self._held.clear()
        while not self._held[self.workers[0]]:
            self.lease(0)
            if not self._held[self.workers[0]]:
                return
            while self._held[self.workers[0]]:
                self.send(0, 200)
            self.record(0)

    def firsts(self) -> list[Item]:
        """What arrived, each at its first time."""
        return list({item.position: item for item in self.arrived}.values())


_WORKER = st.integers(0, 1)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just(Processes.publish), _WORKER, st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)),
        st.tuples(st.just(Processes.lease), _WORKER),
        st.tuples(st.just(Processes.send), _WORKER, st.sampled_from([200, 500, 410, None])),
        st.tuples(st.just(Processes.record), _WORKER),
        st.tuples(st.just(Processes.take_for_dead), _WORKER),
    ),
    max_size=40,
)


@ON_ONE_DATABASE
@given(steps=_STEPS, ordering=st.sampled_from(["ordered_by_key", "strict"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_crash_failure_or_late_answer_puts_an_event_before_one_that_it_follows(
    ordered_db: tuple[Database, Secrets], steps: Sequence[tuple[Any, ...]], ordering: Ordering
) -> None:
    db, secrets = ordered_db

    def carry_out(session: orm.Session) -> Processes:
        processes = Processes(session, secrets, ordering)
        for step, *given_to in steps:
            step(processes, *given_to)
        processes.finish()
        return processes

    done = await db.write(carry_out)
    arrived = done.firsts()
    by_person: dict[str, list[int]] = defaultdict(list)
    for item in arrived:
        by_person[item.key].append(item.sequence)
    assert {person: list(range(1, last + 1)) for person, last in done.published.items()} == by_person
    if ordering == "strict":
        assert [item.position for item in arrived] == list(range(1, len(arrived) + 1))


@pytest.fixture
async def ordered_db(gateway_settings: Settings) -> AsyncIterator[tuple[Database, Secrets]]:
    create_all(gateway_settings.secrets_dir)
    async with offline(gateway_settings) as db:
        yield db, Secrets.load(gateway_settings, "gateway")


def _item(movement: str, position: int, person: str, sequence: int, at: int) -> Item:
    return Item(
        movement, position, f"evt_{position}", "person.updated", "members", person, sequence, "key_1", None, None, None,
        at, at, b"{}",
    )  # fmt: skip


def _arrived(outward: Outward) -> dict[str, list[int]]:
    """The sequences of each subject, in the order in which they arrived."""
    arrived: dict[str, list[int]] = defaultdict(list)
    for got in outward.receiver.got:
        arrived[got.event["subject"]].append(got.event["sequence"])
    return arrived
