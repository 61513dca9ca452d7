"""How an event flows: outbox, relay, log, inbox, effects; on SQLite with its log, and on PostgreSQL with Kafka's."""

import asyncio
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from shared import outbox
from shared.bus import open_bus
from shared.bus.records import Outgoing
from shared.consumer import Consumer
from shared.db import Database, infrastructure, open_database
from shared.events.base import Received
from shared.events.envelope import headers, topic
from shared.outbox import NoMovement
from shared.relay import Relay
from shared.testing.eventually import eventually
from tests.contract.flow import BY_TEST, Flow, ThingCounted, count, keep, running
from tests.plugins.parts import scale


async def test_what_is_committed_arrives_once_and_in_order_for_each_key(flow: Flow) -> None:
    keys = [f"thing_{n}" for n in range(5)]
    numbers = list(range(scale(40)))
    async with running(Relay("things", flow.publisher, flow.bus), flow.consumer(keep)):
        await asyncio.gather(*(flow.publish(key, numbers) for key in keys))
        expected = dict.fromkeys(keys, numbers)

        async def complete() -> bool:
            return await flow.effects() == expected

        await eventually(complete, within=60)


async def test_an_event_carries_who_caused_it_and_its_place_in_the_sequence(flow: Flow) -> None:
    seen: list[Received] = []

    def look(session: orm.Session, received: Received, event: ThingCounted) -> None:
        seen.append(received)

    async with running(Relay("things", flow.publisher, flow.bus), flow.consumer(look)):
        await flow.publish("thing_1", [7, 8])
        await eventually(lambda: len(seen) >= 2, within=60)
    assert [(event.sequence, event.key, event.service, event.type) for event in seen[:2]] == [
        (1, "thing_1", "things", "thing.counted"), (2, "thing_1", "things", "thing.counted"),
    ]  # fmt: skip
    first = seen[0]
    assert (first.movement, first.actor, first.causation, first.traceparent, first.origin) == (
        "movement_1", "tester", "request_1", "00-1-2-01", None,
    )  # fmt: skip


async def test_what_a_failed_verb_recorded_is_never_published_and_leaves_no_gap(flow: Flow) -> None:
    def fail(session: orm.Session) -> None:
        count(session, "thing_1", 99)
        raise LookupError

    await flow.publish("thing_1", [1])
    with pytest.raises(LookupError):
        await flow.publisher.on_behalf(BY_TEST).write(fail)
    await flow.publish("thing_1", [2])
    rows = await flow.publisher.read(
        lambda session: list(session.execute(sa.select(infrastructure.outbox.c.key, infrastructure.outbox.c.sequence)))
    )
    assert sorted(tuple(row) for row in rows) == [("thing_1", 1), ("thing_1", 2)]


async def test_an_event_outside_any_movement_is_refused(flow: Flow) -> None:
    with pytest.raises(NoMovement):
        await flow.publisher.write(count, "thing_1", 1)


async def test_the_same_event_sent_twice_has_its_effect_once(flow: Flow) -> None:
    relay = Relay("things", flow.publisher, flow.bus)
    await flow.publish("thing_1", [1, 2, 3])
    async with running(flow.consumer(keep)):
        async with running(relay):
            await eventually(lambda: _all_published(flow))
        await flow.publisher.write(  # as if the relay had died between sending and marking
            lambda session: session.execute(sa.update(infrastructure.outbox).values(published_at=None))
        )
        await flow.publish("thing_1", [4])
        async with running(Relay("things", flow.publisher, flow.bus)):
            await eventually(lambda: _all_published(flow))

        async def fourth() -> bool:
            return (await flow.effects()).get("thing_1", [])[-1:] == [4]

        await eventually(fourth, within=60)
    assert await flow.effects() == {"thing_1": [1, 2, 3, 4]}


async def test_a_poisoned_event_parks_its_key_and_nothing_else_until_it_is_redriven(flow: Flow) -> None:
    broken = True

    def choke(session: orm.Session, received: Received, event: ThingCounted) -> None:
        if broken and event.thing == "bad" and event.number == 2:
            raise LookupError("cannot digest")
        keep(session, received, event)

    consumer = flow.consumer(choke)
    async with running(Relay("things", flow.publisher, flow.bus), consumer):
        await flow.publish("bad", [1, 2, 3])
        await flow.publish("good", [1, 2, 3])

        async def others_went_on() -> bool:
            return (await flow.effects()).get("good") == [1, 2, 3] and len(await consumer.parked()) == 1

        await eventually(others_went_on, within=60)
        await eventually(lambda: _waiting(consumer, 2))
        assert (await flow.effects())["bad"] == [1]
        with pytest.raises(LookupError):
            await consumer.redrive("things", "bad")
        assert (await consumer.parked())[0].reason == "poison"
        broken = False
        assert await consumer.redrive("things", "bad") == 2
        await flow.publish("bad", [4])

        async def caught_up() -> bool:
            return (await flow.effects())["bad"] == [1, 2, 3, 4]

        await eventually(caught_up)
    assert await consumer.parked() == []


@pytest.mark.parametrize("flow", ["embedded"], indirect=True)  # elsewhere clients read ahead, of which nobody hears
async def test_what_comes_while_few_events_are_applied_is_taken_together(flow: Flow) -> None:
    batches: list[int] = []
    applying, go_on = threading.Event(), threading.Event()

    def look(session: orm.Session, events: Sequence[Received]) -> None:
        batches.append(len(events))
        applying.set()
        assert go_on.wait(60)

    async def on_the_log(count: int) -> bool:
        return sum((await flow.bus.end_offsets([topic("things")])).values()) == count

    consumer = Consumer("counts", flow.reader, flow.bus, ["things"], look)
    async with running(Relay("things", flow.publisher, flow.bus), consumer):
        await flow.publish("thing_1", [1])
        await eventually(applying.is_set)
        for number in (2, 3, 4):
            await flow.publish("thing_1", [number])
            await eventually(partial(on_the_log, number))
        go_on.set()
        await eventually(lambda: sum(batches) == 4)
    assert batches == [1, 3]


async def test_a_gap_parks_the_key_and_closes_by_itself_when_the_missing_event_comes(flow: Flow) -> None:
    consumer = flow.consumer(keep)
    async with running(consumer):
        for sequence in (1, 3, 4):
            await flow.bus.append(topic("things"), [_record("thing_1", sequence)])

        async def parked() -> bool:
            return [(key.reason, key.waiting) for key in await consumer.parked()] == [("gap", 2)]

        await eventually(parked, within=60)
        assert await flow.effects() == {"thing_1": [1]}
        await flow.bus.append(topic("things"), [_record("thing_1", 2)])

        async def closed() -> bool:
            return await flow.effects() == {"thing_1": [1, 2, 3, 4]}

        await eventually(closed)
    assert await consumer.parked() == []


async def test_a_record_that_is_no_event_is_passed_over(flow: Flow) -> None:
    consumer = flow.consumer(keep)
    async with running(consumer):
        await flow.bus.append(topic("things"), [Outgoing(b"thing_1", [("junk", b"x")], b"not an event")])
        await flow.bus.append(topic("things"), [_record("thing_1", 1)])

        async def went_on() -> bool:
            return await flow.effects() == {"thing_1": [1]}

        await eventually(went_on, within=60)


async def test_a_consumer_goes_on_where_its_own_database_says(flow: Flow) -> None:
    relay = Relay("things", flow.publisher, flow.bus)
    async with running(relay):
        async with running(flow.consumer(keep)):
            await flow.publish("thing_1", [1, 2])

            async def both() -> bool:
                return await flow.effects() == {"thing_1": [1, 2]}

            await eventually(both, within=60)
        await flow.publish("thing_1", [3])
        async with running(flow.consumer(keep)):

            async def third() -> bool:
                return await flow.effects() == {"thing_1": [1, 2, 3]}

            await eventually(third, within=60)
    assert await flow.consumer(keep).lag() == 0


async def test_a_cursor_that_somebody_else_moved_makes_a_zombie_stop_without_effect(flow: Flow) -> None:
    consumer = flow.consumer(keep)
    await flow.bus.append(topic("things"), [_record("thing_1", 1)])
    subscription = flow.bus.subscribe("zombie", [topic("things")], consumer._assigned)
    records: list[object] = []
    while not records:
        records.extend((await subscription.poll(10, 1.0)).records)
    await flow.consumer(keep).apply(records)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="counts at"):
        await consumer.apply(records)  # type: ignore[arg-type]
    await subscription.close()
    assert await flow.effects() == {"thing_1": [1]}


async def test_a_later_transaction_that_commits_first_hides_nothing_from_the_relay(postgres_url: str) -> None:
    publisher = open_database(postgres_url, pool=4)
    await publisher.open()
    await publisher.write(lambda session: infrastructure.metadata.create_all(session.connection()))
    sent: list[int] = []
    loop, first_has_inserted, second_is_sent = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    class Recording(Relay):
        async def send(self, rows: Sequence[tuple[object, ...]]) -> None:
            sent.extend(int(str(row[0])) for row in rows)

    def slow(session: orm.Session) -> None:
        count(session, "thing_1", 1)
        outbox.number(session)
        loop.call_soon_threadsafe(first_has_inserted.set)
        asyncio.run_coroutine_threadsafe(second_is_sent.wait(), loop).result(30)

    async with running(Recording("things", publisher, open_bus("kafka://127.0.0.1:1"))):
        slow_one = asyncio.create_task(publisher.on_behalf(BY_TEST).write(slow))
        await first_has_inserted.wait()
        await publisher.on_behalf(BY_TEST).write(count, "thing_2", 2)
        await eventually(lambda: sent == [2])
        second_is_sent.set()
        await slow_one
        await eventually(lambda: sent == [2, 1])
    await publisher.close()


def _record(key: str, sequence: int) -> Outgoing:
    fields = headers(
        event_id=f"evt_{sequence}", event_type="thing.counted", service="things", key=key, sequence=sequence,
        movement="movement_1", actor="tester", occurred_at=0, causation=None, origin=None, traceparent=None,
    )  # fmt: skip
    return Outgoing(key.encode(), fields, b'{"thing":"%s","number":%d}' % (key.encode(), sequence))


async def _all_published(flow: Flow) -> bool:
    unpublished = sa.select(sa.func.count()).select_from(infrastructure.outbox).where(
        infrastructure.outbox.c.published_at.is_(None)
    )  # fmt: skip
    return await flow.publisher.read(lambda session: session.scalar(unpublished)) == 0


async def _waiting(consumer: Consumer, events: int) -> bool:
    return [key.waiting for key in await consumer.parked()] == [events]


async def test_a_commit_in_one_replica_wakes_the_relay_that_leads_in_another(postgres_url: str, tmp_path: Path) -> None:
    bus = open_bus(f"sqlite:///{tmp_path}/bus.db")
    await bus.ensure_topics([topic("things")])
    replicas = [open_database(postgres_url, pool=2) for _ in range(2)]
    for replica in replicas:
        await replica.open()
    leading, standing_by = replicas
    await leading.write(lambda session: infrastructure.metadata.create_all(session.connection()))
    flow = Flow(standing_by, bus, standing_by)
    heard: list[None] = []
    leading.on_announced(lambda: heard.append(None))
    async with running(Relay("things", leading, bus)):
        await eventually(lambda: _lease_held(leading))
        async with running(Relay("things", standing_by, bus)):
            await flow.publish("thing_1", [1, 2, 3])
            await eventually(lambda: _all_published(flow))
            await eventually(lambda: len(heard) >= 1)
    for replica in replicas:
        await replica.close()
    await bus.close()


async def _lease_held(database: Database) -> bool:
    lease = sa.select(sa.func.count()).select_from(infrastructure.relay_lease)
    return await database.read(lambda session: session.scalar(lease)) == 1
