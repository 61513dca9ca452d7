"""The sender killed with kill -9, again and again: everything arrives, in order where that is wanted, and is kept."""

import asyncio
import os
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed import domain as feed
from services.gateway.webhooks import domain, fanout
from services.gateway.webhooks.models import Attempt, Delivery, Ordering, Recovery
from services.gateway.webhooks.schemas import NewEndpoint
from services.gateway.webhooks.sender import Sender
from shared import clock
from shared.db import Context
from shared.dialler import Dialler
from shared.events.base import Received
from shared.ids import new_id
from shared.secrets import Secrets, create_all
from shared.settings import Settings
from tests.gateway.outward import offline
from tests.gateway.receiver import Got, Receiver, Say
from tests.gateway.running import ON_ONE_DATABASE
from tests.gateway.webhooks import killing
from tests.plugins.parts import scale

PEOPLE, EACH = 6, 10
EVENTS = PEOPLE * EACH
OURS = Context("movement_1", "key_1")


@ON_ONE_DATABASE
async def test_everything_arrives_though_the_sender_is_killed_at_every_point(gateway_settings: Settings) -> None:
    seed = int(os.environ.get("BACKBONE_TEST_SEED", random.SystemRandom().randrange(1_000_000)))
    print(f"BACKBONE_TEST_SEED={seed}")  # noqa: T201 - a failure is repeated with it
    chance = random.Random(seed)

    async def moody(got: Got) -> Say:
        return Say(chance.choice((200, 200, 500)))

    create_all(gateway_settings.secrets_dir)
    async with Receiver().running() as receiver:
        receiver.answers = dict.fromkeys(("/parallel", "/ordered_by_key", "/recovered"), moody)
        async with offline(gateway_settings) as db:
            secrets = Secrets.load(gateway_settings, "gateway")
            await db.on_behalf(OURS).write(_queue, receiver, secrets)
        points = [*killing.POINTS] * scale(1)
        chance.shuffle(points)
        ends = [await _ended(gateway_settings, (point, chance.randint(1, 3))) for point in points]
        assert set(ends[: len(killing.POINTS)]) == {-9}
        assert await _ended(gateway_settings) == 0
        async with offline(gateway_settings) as db:
            await db.read(_assert_recorded)
    for path in ("/parallel", "/ordered_by_key", "/recovered"):
        assert len({got.event["id"] for got in receiver.at(path)}) == EVENTS
    in_order: dict[str, list[int]] = defaultdict(list)
    for event in [got.event for got in receiver.at("/ordered_by_key")]:
        if event["sequence"] not in in_order[event["subject"]]:
            in_order[event["subject"]].append(event["sequence"])
    assert list(in_order.values()) == [list(range(1, EACH + 1))] * PEOPLE


def _queue(session: orm.Session, receiver: Receiver, secrets: Secrets) -> None:
    """Three endpoints, and events for them that nobody sends yet; one had them all fail, and is to recover."""
    made: dict[str, str] = {}
    for path in receiver.answers:
        ordering: Ordering = "ordered_by_key" if path == "/ordered_by_key" else "parallel"
        said = NewEndpoint(url=receiver.url(path), types=["*"], in_flight=2, ordering=ordering).settings()
        endpoint, _ = domain.create(session, OURS.movement, said, organisation=None, signature="hmac", secrets=secrets)
        made[path] = endpoint.id
    session.flush()
    items = feed.publish(
        session, OURS.movement, [_received(number % PEOPLE, number // PEOPLE) for number in range(EVENTS)]
    )
    fanout.fan_out(session, OURS.movement, items, Sender(Dialler()))  # it does not send, and has room for nothing
    failed = sa.update(Delivery).where(Delivery.endpoint == made["/recovered"])
    session.execute(failed.values(status="exhausted"))
    domain.recover(session, OURS.movement, made["/recovered"], datetime(2026, 1, 1, tzinfo=UTC), lambda: None)


async def _ended(settings: Settings, die: tuple[str, int] | None = None) -> int | None:
    """Start a sender and wait for its end; its exit code, which is -9 where it was killed."""
    process = killing.start(settings, die)
    await asyncio.to_thread(process.join, 60)
    return process.exitcode


def _assert_recorded(session: orm.Session) -> None:
    """Every delivery that could be made was, with the attempt that succeeded, and once only."""
    deliveries = session.execute(sa.select(Delivery.endpoint, Delivery.status, Delivery.id)).all()
    stand = Counter((endpoint, status) for endpoint, status, _ in deliveries)
    assert sorted(stand.values()) == [EVENTS] * 4
    assert {status for _, status in stand} == {"succeeded", "exhausted"}
    taken = set(session.scalars(sa.select(Attempt.delivery).where(Attempt.status == 200)))
    assert {id_ for _, status, id_ in deliveries if status == "succeeded"} == taken
    (job,) = session.scalars(sa.select(Recovery))
    assert (job.done, job.resent) == (True, EVENTS)


def _received(person: int, number: int) -> Received:
    return Received(
        id=new_id("evt"), type="person.updated", service="members", key=f"person_{person}", sequence=number + 1,
        movement=OURS.movement, actor=OURS.actor, causation=None, origin=None, traceparent=None, time=clock.now(),
        payload=b"{}",
    )  # fmt: skip
