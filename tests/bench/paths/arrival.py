"""From commit to webhook received, through the whole suite in one process: members, its relay, the log, the feed.

At 200 events a second, each of a request of its own; and at the highest rate that the machine holds when lists of
activities feed it ten times a second.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

import msgspec

from shared.testing.eventually import eventually
from shared.upstream import Upstream, open_upstream
from tests.bench import suite
from tests.bench.ground import Ground
from tests.bench.receiver import Receiver, listening
from tests.bench.rows import Row, at_most, factor
from tests.bench.turns import percentile

_STEADY = 200
_STEADY_SECONDS = 10
_RATES = (500, 1000, 1500, 2000, 2500, 3000, 4000, 5000)
_BULK_SECONDS = 3
_LISTS_A_SECOND = 10
_PEOPLE = 500
_MOST_STEADY, _MOST_BULK, _MOST_FACTOR = 5.0, 50.0, 10.0


@dataclass(frozen=True, slots=True)
class _Latency:
    """What one rate came to, in milliseconds."""

    rate: int
    p50: float
    p99: float

    @property
    def held(self) -> bool:
        return self.p50 <= _MOST_BULK and self.p99 <= _MOST_FACTOR * self.p50


async def measure(ground: Ground) -> Sequence[Row]:
    """The latency at 200 events a second, and the rate up to which it stays within bounds."""
    receiver, api = Receiver(), open_upstream(suite.embedded(ground).url)
    async with listening(receiver) as url:
        await _post(api, "/v1/webhook-endpoints", {"url": url, "types": ["activity.recorded"]})
        feeding = _Feeding(api, receiver, await _people(api))
        await feeding.at(_STEADY, 1, one_by_one=True)
        steady = await feeding.at(_STEADY, _STEADY_SECONDS, one_by_one=True)
        fastest = await _fastest(feeding)
    await api.close()
    at = f"commit to webhook at {_STEADY}/s"
    return [
        at_most(f"{at}: p50", steady.p50, "ms", most=_MOST_STEADY),
        factor(f"{at}: tail", steady.p99, steady.p50, most=_MOST_FACTOR),
        at_most(f"… at {fastest.rate:,}/s, the most it holds: p50", fastest.p50, "ms", most=_MOST_BULK,
                beside=f"p99 {fastest.p99:.0f} ms"),
    ]  # fmt: skip


async def _fastest(feeding: "_Feeding") -> _Latency:
    """The last rate that holds before one does not; the lowest where none does."""
    found = await feeding.at(_RATES[0], _BULK_SECONDS)
    for rate in _RATES[1:]:
        if not found.held:
            break
        tried = await feeding.at(rate, _BULK_SECONDS)
        if not tried.held:
            break
        found = tried
    return found


class _Feeding:
    """Posts activities on time, whether or not the answers to earlier ones have come."""

    def __init__(self, api: Upstream, receiver: Receiver, people: Sequence[str]) -> None:
        self._api = api
        self._receiver = receiver
        self._people = cycle(people)
        self._today = datetime.now(UTC).date().isoformat()

    async def at(self, rate: int, seconds: int, *, one_by_one: bool = False) -> _Latency:
        """Feed so many a second, and wait until all have arrived."""
        self._receiver.got.clear()
        times = rate if one_by_one else _LISTS_A_SECOND
        size = rate // times

        async def send() -> None:
            activities = [self._activity(person) for person in islice(self._people, size)]
            await _post(self._api, "/v1/activities", activities if size > 1 else activities[0])

        await _on_time(send, times, times * seconds)
        await eventually(lambda: len(self._receiver.got) >= rate * seconds, within=60)
        latencies = self._receiver.latencies()
        return _Latency(rate, percentile(latencies, 0.5), percentile(latencies, 0.99))

    def _activity(self, person: str) -> dict[str, str]:
        return {"person": person, "kind": "walk", "on": self._today}


async def _on_time(send: Callable[[], Awaitable[None]], a_second: int, count: int) -> None:
    began = time.perf_counter()
    sent = []
    for number in range(count):
        await asyncio.sleep(began + number / a_second - time.perf_counter())
        sent.append(asyncio.ensure_future(send()))
    await asyncio.gather(*sent)


async def _people(api: Upstream) -> list[str]:
    ids: list[str] = []
    for _ in range(_PEOPLE // 20):
        said = [_post(api, "/v1/sign-ups", {"person": {"given_name": "Alice"}}) for _ in range(20)]
        ids += [one["person"] for one in await asyncio.gather(*said)]
    return ids


async def _post(api: Upstream, path: str, body: object) -> Any:
    headers = [*suite.CREDENTIAL.items(), ("content-type", "application/json")]
    answer = await api.request("POST", path, headers=headers, body=msgspec.json.encode(body))
    assert answer.status == 201, answer.body
    return msgspec.json.decode(answer.body)
