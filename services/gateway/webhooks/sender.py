"""The sender: this process's part in delivering webhooks.

New deliveries come to it in memory, from the commit that made them, leased already; it sends them at once. A slow timer
finds the rest in the database: retries that are due, what found no room, recoveries, and what a dead process held.
"""

import asyncio
import math
import random
from collections.abc import Collection, Iterable

import structlog

from services.gateway.webhooks import processes, queue, recovery, withheld
from services.gateway.webhooks.enriching import record_of
from services.gateway.webhooks.lanes import Lane, earliest
from services.gateway.webhooks.life import Life, say_alive
from services.gateway.webhooks.outcomes import Recorder
from services.gateway.webhooks.queue import Destination, Handed, Leased
from services.gateway.webhooks.recording import Recording
from services.gateway.webhooks.schedule import Spread, asked_for, succeeded
from services.gateway.webhooks.sending import Outcome, attempt
from shared import clock, metrics
from shared.db import Database
from shared.db.types import microseconds
from shared.dialler import Dialler
from shared.parts import Parts
from shared.secrets import Secrets

_TICK_SECONDS = processes.LEASE_SECONDS / 3
_LAST_ATTEMPTS_SECONDS = 5.0
_SAYS_WHEN = frozenset({429, 503})
"""Statuses whose Retry-After is about all requests, and not about one (RFC 9110, RFC 6585)."""

log = structlog.get_logger(__name__)


class Sender:
    """Sends deliveries. `worker`, `room` and `take` are for the fan-out; `wake` says that something may be due."""

    def __init__(self, dialler: Dialler, *, spread: Spread = random.random) -> None:
        self.dialler = dialler
        self._spread = spread
        self._running: Life | None = None
        self._due = asyncio.Event()

    @property
    def worker(self) -> str | None:
        """This process's name in leases; None while it sends nothing."""
        return None if self._running is None else self._running.db.owner

    def room(self, endpoint: str, granted: int = 0) -> int:
        """How many more deliveries of an endpoint this process would hold, beside those `granted` and not yet taken."""
        return 0 if self._running is None else self._running.room(endpoint, granted)

    def take(self, handed: Iterable[Handed]) -> None:
        """Hold and send deliveries that are leased to this process. On the event loop, after their commit."""
        running = self._running
        if running is None:
            return  # they are found by the next who starts: our lease runs out
        for one in handed:
            if one.leased or (one.more and one.destination.enabled):
                lane = running.lane(one.destination)
                lane.add(one.leased, one.more)
                if lane.closed and one.leased:
                    running.returned += lane.empty()
                    self._due.set()
                self._start(running, lane)
                if not lane.started and lane.wants_more():
                    self._fill_soon([one.destination.id])

    def wake(self) -> None:
        """Look into the database now. On the event loop."""
        if self._running is not None:
            self._running.look_at = 0.0
        self._due.set()

    def recall(self) -> None:
        """Give back what waits here for other organisations: it is looked at again before it is sent."""
        if self._running is not None:
            lanes = self._running.lanes.values()
            of_others = [lane for lane in lanes if lane.destination.organisation is not None]
            self._running.returned += [leased for lane in of_others for leased in lane.empty()]
        self.wake()

    async def send_webhooks(self, parts: Parts) -> None:
        """Send until cancelled; then wait for the attempts under way, record them and let go of the rest."""
        db = parts.db
        await db.write(processes.release, db.owner)  # what we held in an earlier life, if our name is still the same
        running = Life(parts, self._recording(db, parts.secrets))
        recording = asyncio.create_task(running.recording.run())
        try:
            await self._beat(running)
            self._running = running
            while True:
                await self._wait(await self._look(running))
        finally:
            self._running = None
            await _stop(running, recording)

    async def send(self, parts: Parts, lane: Lane, delivery: Leased) -> Outcome:
        """Send one delivery once."""
        to = lane.destination
        record = None if to.enrichment is None else await record_of(parts, to, delivery.item)
        return await attempt(self.dialler, to, lane.keys, delivery, record)

    def _recording(self, db: Database, secrets: Secrets) -> Recording:
        return Recording(db, Recorder(db.owner, self._spread, secrets), self._fill_soon)

    def _fill_soon(self, endpoints: Collection[str]) -> None:
        """Fetch what has become due at these endpoints."""
        if endpoints and self._running is not None:
            self._running.refill.update(endpoints)
            self._due.set()

    async def _look(self, running: Life) -> float:
        """Do what the database says is to be done; answers the seconds until it is worth asking again."""
        self._due.clear()
        loop = asyncio.get_running_loop()
        try:
            await self._beat(running)
            await self._give_back(running)
            if loop.time() >= running.look_at:
                running.look_at = math.inf  # whoever wakes us meanwhile sets it to something sooner
                again = await self._look_at_all(running)
                running.look_at = min(running.look_at, loop.time() + again)
            else:
                await self._look_at_some(running)
        except Exception as error:  # the database is away: what is under way goes on, the rest waits
            log.warning("webhooks_wait", error=type(error).__name__)
            running.look_at = loop.time() + _TICK_SECONDS
        return max(0.0, running.look_at - loop.time())

    async def _look_at_some(self, running: Life) -> None:
        """Fill the lanes of which we know that something has become due."""
        now = microseconds(clock.now())
        known = [running.lanes[endpoint] for endpoint in sorted(running.refill) if endpoint in running.lanes]
        running.refill.clear()
        await asyncio.gather(*[self._fill(running, lane.destination, now) for lane in known])

    async def _look_at_all(self, running: Life) -> float:
        """Fill every lane for which something is due, and go on with recoveries; the seconds until the next time."""
        running.refill.clear()
        held = set(running.lanes)  # before we look: a lane that begins meanwhile is for an endpoint made meanwhile
        now = microseconds(clock.now())
        endpoints = await running.db.read(queue.enabled, now)
        await self._clear_lanes(running, held - {destination.id for destination, _ in endpoints})
        for destination, _ in endpoints:
            if destination.id in running.lanes:
                running.lane(destination)  # what was edited holds for what waits here already
        due_now = [destination for destination, due in endpoints if due is not None and due <= now]
        _tell_how_it_stands(running, endpoints, now)
        await asyncio.gather(*[self._fill(running, destination, now) for destination in due_now])
        if await running.db.read(recovery.any_open) and await running.db.write(recovery.advance):
            return 0.0
        later = [due for _, due in endpoints if due is not None and due > now]
        if (rested := earliest(running.lanes.values())) is not None:
            later.append(rested)
        return min([_TICK_SECONDS, *[(due - now) / 1e6 for due in later]])

    async def _beat(self, running: Life) -> None:
        """Renew this process's lease in good time. Where it had run out, others have what we held."""
        if clock.timestamp() < running.beat_at:
            return
        await running.db.write(say_alive, running)
        running.beat_at = clock.timestamp() + _TICK_SECONDS

    async def _give_back(self, running: Life) -> None:
        """Let others have what is not to be sent from here now, and know what is not to be sent from anywhere."""
        if held := list(running.returned):
            await running.db.write(queue.give_back, held, running.db.owner)
            del running.returned[: len(held)]
        if rests := dict(running.rests):
            await running.db.write(processes.rest, rests.values())
            running.told(rests)

    async def _clear_lanes(self, running: Life, ended: Iterable[str]) -> None:
        """Give back what is held for endpoints that are paused, disabled or gone by now."""
        for endpoint in ended:
            running.returned += running.lanes.pop(endpoint).empty()
        await self._give_back(running)

    async def _fill(self, running: Life, destination: Destination, now: int) -> None:
        """Take due deliveries of an endpoint, as many as there is room for."""
        if room := self.room(destination.id):
            running.load.held += room  # others are filled at the same time, and are not to count on the same room
            try:
                handed = await running.db.write(withheld.lease, destination, running.db.owner, room, now)
            finally:
                running.load.held -= room
            self.take([handed])

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._due.wait()
        except TimeoutError:
            return

    def _start(self, running: Life, lane: Lane) -> None:
        """Begin what may be under way at once, now and as soon as the endpoint's pace allows."""
        lane.paced = False
        if running is not self._running:
            return
        while (delivery := lane.begin()) is not None:
            task = asyncio.create_task(self._work(running, lane, delivery))
            running.tasks.add(task)
            task.add_done_callback(running.tasks.discard)
        if seconds := lane.seconds_to_pace():
            lane.paced = True
            asyncio.get_running_loop().call_later(seconds, self._start, running, lane)

    async def _work(self, running: Life, lane: Lane, first: Leased) -> None:
        """Send one delivery after the other from a lane, until nothing waits there."""
        delivery: Leased | None = first
        while delivery is not None:
            outcome = await self.send(running.parts, lane, delivery)
            self._note(running, lane, outcome)
            running.recording.add(outcome)
            if lane.wants_more():
                self._fill_soon([lane.destination.id])
            delivery = lane.next()
            if lane.bears_more and not lane.paced:
                self._start(running, lane)  # a success may have made room for one more

    def _note(self, running: Life, lane: Lane, outcome: Outcome) -> None:
        """Learn from an attempt. Where the endpoint rests now, what waits for it waits in the database."""
        metrics.webhook_attempted(_word_for(outcome), outcome.duration_ms / 1000)
        wish = asked_for(outcome.retry_after, outcome.at) if outcome.status in _SAYS_WHEN else None
        if lane.note(succeeded(outcome.status), wish):
            running.put_back(lane)
            rested = asyncio.get_running_loop().time() + (lane.rests_until - microseconds(clock.now())) / 1e6
            running.look_at = min(running.look_at, rested)
            self._due.set()


def _word_for(outcome: Outcome) -> str:
    """An outcome as it is counted: the class of its status, or the stable word that its error begins with."""
    if outcome.status is not None:
        return f"{outcome.status // 100}xx"
    return (outcome.error or "").partition(":")[0]


def _tell_how_it_stands(life: Life, endpoints: Iterable[tuple[Destination, int | None]], now: int) -> None:
    """Say how far behind we are where endpoints take what is sent, and how many do not."""
    resting = {endpoint for endpoint, lane in life.lanes.items() if lane.failing or lane.resting}
    waits = [now - due for endpoint, due in endpoints if due is not None and endpoint.id not in resting]
    metrics.webhook_endpoints_resting.set(len(resting))
    metrics.webhook_seconds_behind.set(max([0, *waits]) / 1e6)


async def _stop(running: Life, recording: "asyncio.Task[None]") -> None:
    """The end: nothing new is begun, what is under way may finish, and every outcome is recorded."""
    running.let_go()
    if running.tasks:
        await asyncio.wait(running.tasks, timeout=_LAST_ATTEMPTS_SECONDS)
    for task in running.tasks:
        task.cancel()
    await asyncio.gather(*running.tasks, return_exceptions=True)
    running.recording.end()
    await recording
    try:
        await running.db.write(processes.release, running.db.owner)
    except Exception as error:  # the database is away: the lease runs out by itself
        log.warning("webhooks_not_released", error=type(error).__name__)
