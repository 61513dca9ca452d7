"""Order, whatever happens: two processes, crashes, failures, late answers and recoveries, drawn at random."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import orm

from services.gateway.feed import domain as feed
from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks import domain, fanout, processes, queue, recovery
from services.gateway.webhooks.chains import chain_of
from services.gateway.webhooks.models import Endpoint, Ordering
from services.gateway.webhooks.outcomes import Recorder, record
from services.gateway.webhooks.queue import Leased
from services.gateway.webhooks.schedule import DELAYS
from services.gateway.webhooks.schemas import NewEndpoint
from services.gateway.webhooks.sending import Outcome
from shared import clock
from shared.db import Context, Database
from shared.db.types import microseconds
from shared.events.base import Received
from shared.ids import new_id
from shared.secrets import Secrets, create_all
from shared.settings import Settings
from tests.gateway.outward import offline
from tests.gateway.running import ON_ONE_DATABASE

PEOPLE = ("person_1", "person_2", "person_3")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Process(NamedTuple):
    """A process that sends, as the fan-out knows it."""

    worker: str

    def room(self, endpoint: str, granted: int) -> int:
        """It holds two of what is queued at a time."""
        return 2


class Processes:
    """Two processes that send to one endpoint, on the product's own statements: what arrived, in order.

    An attempt arrives as it is sent; whether it is recorded, when, and by whom then, is another matter.
    """

    def __init__(self, session: orm.Session, movement: str, secrets: Secrets, ordering: Ordering) -> None:
        self.movement = movement
        self.workers = [new_id("worker"), new_id("worker")]
        said = NewEndpoint(url="https://example.org", types=["*"], ordering=ordering).settings()
        made = domain.create(session, self.movement, said, organisation=None, signature="hmac", secrets=secrets)
        session.flush()
        self.to = queue.destination(made[0])
        self.arrived: list[Item] = []
        self.too_early: list[Item] = []
        """What was sent before all that it follows was taken."""
        self._happened: list[Item] = []
        self._taken: set[int] = set()
        self._session = session
        self._secrets = secrets
        self._now = microseconds(clock.now())
        self.published: dict[str, int] = defaultdict(int)
        self._held: dict[str, list[Leased]] = defaultdict(list)
        self._answered: dict[str, list[Outcome]] = defaultdict(list)

    def publish(self, worker: int, people: Sequence[str]) -> None:
        """Events of these people, in one batch; the process holds the first of them."""
        name = self.workers[worker]
        for handed in fanout.fan_out(self._session, self.movement, self._happen(people), Process(name)):
            self._held[name] += handed.leased

    def miss(self, people: Sequence[str]) -> None:
        """Events that are not queued, as while an endpoint is disabled; and they are to be recovered."""
        self._happen(people)
        domain.recover(self._session, self.movement, self.to.id, LONG_AGO, lambda: None)

    def recover(self) -> None:
        """A slice of a recovery."""
        recovery.advance(self._session)

    def _followed_by(self, item: Item) -> set[int]:
        chain = chain_of(self.to.ordering, item)
        earlier = [one for one in self._happened if one.position < item.position]
        return {one.position for one in earlier if chain_of(self.to.ordering, one) == chain}

    def _happen(self, people: Sequence[str]) -> Sequence[Item]:
        received = []
        for person in people:
            self.published[person] += 1
            received.append(_received(self.movement, person, self.published[person]))
        items = feed.publish(self._session, self.movement, received)
        self._happened += items
        return items

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
            if not self._taken.issuperset(self._followed_by(sent.item)):
                self.too_early.append(sent.item)
            self._taken |= {sent.item.position} if status == 200 else set()
            self._answered[name].append(Outcome(sent, self._now, 1, status=status))

    def record(self, worker: int) -> None:
        """Record what was answered, which may be long ago."""
        name = self.workers[worker]
        if found := self._answered.pop(name, []):
            record(self._session, self.movement, found, Recorder(name, lambda: 0.5, self._secrets))
            self._session.get_one(Endpoint, (self.movement, self.to.id)).resume()  # it is not gone for long
            self._session.flush()

    def take_for_dead(self, worker: int) -> None:
        """Let others have what it holds: it does not know, and goes on. And every retry is due."""
        processes.release(self._session, self.workers[worker])
        self._now += 2 * max(DELAYS)

    def finish(self) -> None:
        """One process goes on alone, and is answered."""
        while recovery.advance(self._session):
            pass
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
        st.tuples(st.just(Processes.miss), st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)),
        st.tuples(st.just(Processes.recover)),
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
async def test_no_crash_failure_late_answer_or_recovery_puts_an_event_before_one_that_it_follows(
    ordered_db: tuple[Database, Secrets], steps: Sequence[tuple[Any, ...]], ordering: Ordering
) -> None:
    db, secrets = ordered_db
    movement = new_id("movement")

    def carry_out(session: orm.Session) -> Processes:
        processes = Processes(session, movement, secrets, ordering)
        for step, *given_to in steps:
            step(processes, *given_to)
        processes.finish()
        return processes

    done = await db.on_behalf(Context(movement, "key_1")).write(carry_out)
    assert done.too_early == []
    arrived = done.firsts()
    by_person: dict[str, list[int]] = defaultdict(list)
    for item in arrived:
        by_person[item.key].append(item.sequence)
    assert {person: list(range(1, last + 1)) for person, last in done.published.items()} == by_person
    if ordering == "strict":
        assert [item.position for item in arrived] == list(range(1, len(arrived) + 1))


@pytest.fixture
async def ordered_db(
    gateway_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Database, Secrets]]:
    monkeypatch.setattr(recovery, "SLICE", 2)
    create_all(gateway_settings.secrets_dir)
    async with offline(gateway_settings) as db:
        yield db, Secrets.load(gateway_settings, "gateway")


def _received(movement: str, person: str, sequence: int) -> Received:
    return Received(
        id=new_id("evt"), type="person.updated", service="members", key=person, sequence=sequence, movement=movement,
        actor="key_1", causation=None, origin=None, traceparent=None, time=clock.now(), payload=b"{}",
    )  # fmt: skip
