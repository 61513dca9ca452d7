"""Receivers that do all that receivers do wrong, over the whole schedule, with a clock that is moved by hand."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from services.gateway.webhooks import sending
from services.gateway.webhooks.lanes import LONGEST_REST
from services.gateway.webhooks.schedule import DELAYS
from shared import clock, metrics
from shared.events.grants.funds import FundCreated
from shared.testing.eventually import eventually
from tests.gateway.outward import Json, Outward
from tests.gateway.receiver import Got, Say, Silence
from tests.gateway.running import ON_ONE_DATABASE

_EVENTS = 4
_WAYS = ("500", "hangs", "resets", "301", "429", "503 in a while", "late")
_LIKELY = (3, 1, 3, 3, 3, 3, 1)
_IN_A_WHILE = timedelta(hours=3)


class Misbehaving:
    """Answers the attempts at each event in ways drawn at random, well in the end; the first event never well."""

    def __init__(self, chance: random.Random, elsewhere: str) -> None:
        self._elsewhere = elsewhere
        failures = {"fund_0": 10, **{f"fund_{number}": chance.randint(1, 4) for number in range(1, _EVENTS)}}
        self._to_come = {event: [*chance.choices(_WAYS, _LIKELY, k=count), "fine"] for event, count in failures.items()}
        self.ways: defaultdict[str, list[str]] = defaultdict(list)

    async def __call__(self, got: Got) -> Say:
        event = got.event["subject"]
        way = self._to_come[event].pop(0)
        self.ways[event].append(way)
        match way:
            case "hangs":
                await asyncio.Event().wait()
            case "resets":
                raise Silence
            case "301":
                return Say(301, {"location": self._elsewhere})
            case "429":
                return Say(429, {"retry-after": "60"})
            case "503 in a while":
                return Say(503, {"retry-after": str(int(_IN_A_WHILE.total_seconds()))})
            case "late":
                await asyncio.sleep(2 * sending.TIMEOUT_SECONDS)  # as 200 after 29 seconds is
        return Say(500 if way == "500" else 200)


@ON_ONE_DATABASE
async def test_whatever_a_receiver_does_wrong_each_event_is_tried_on_schedule_until_it_is_taken(
    outward: Outward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 1.0)  # and a busy machine answers within it
    receiver = Misbehaving(random.Random(5), outward.receiver.url("/elsewhere"))
    outward.receiver.answers["/hook"] = receiver
    with clock.frozen(clock.now()) as present:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(_EVENTS)])
        await outward.fed(_EVENTS)
        while waiting := await _settled(outward, endpoint):
            present.at = max(present.at, min(_moment(one["next_attempt_at"]) for one in waiting))
            present.advance(timedelta(microseconds=LONGEST_REST))  # it may have to rest
            outward.sender.wake()
        done = await outward.us.deliveries(endpoint)
        logs = {one["id"]: await outward.us.log(endpoint, one) for one in done}

    assert outward.receiver.at("/elsewhere") == []
    assert sorted(one["status"] for one in done) == ["exhausted", *["succeeded"] * (_EVENTS - 1)]
    ways = {got.headers["webhook-id"]: receiver.ways[got.event["subject"]] for got in outward.receiver.got}
    for delivery in done:
        _tried_on_schedule(delivery, logs[delivery["id"]], ways[delivery["id"]])


def _tried_on_schedule(delivery: Json, log: Sequence[Json], ways: Sequence[str]) -> None:
    """Every attempt is in the log as what it was, none came before it was due, and a success is the last."""
    assert [_word(one) for one in log] == [_LOGGED[way] for way in ways]
    assert len(log) == 10 if delivery["status"] == "exhausted" else ways[-1] == "fine"
    for number, (one, following) in enumerate(pairwise(log)):
        delay = timedelta(microseconds=DELAYS[number])
        if ways[number] == "503 in a while":
            delay = max(delay, _IN_A_WHILE)
        if ways[number] == "429":
            delay = max(delay, timedelta(seconds=60))
        passed = _moment(following["at"]) - _moment(one["at"])
        assert delay <= passed, (number, ways)


_LOGGED = {
    "fine": "200", "500": "500", "hangs": "timeout", "resets": "broken_off", "301": "301", "429": "429",
    "503 in a while": "503", "late": "timeout",
}  # fmt: skip


def _word(attempt: Json) -> str:
    return str(attempt["status"]) if attempt["status"] else attempt["error"].partition(":")[0]


async def _settled(outward: Outward, endpoint: Json) -> Sequence[Json]:
    """Wait until nothing is under way, nor due while the endpoint does not rest; what is still to be tried again."""
    waiting: list[Json] = []

    async def look() -> bool:
        waiting[:] = await outward.us.deliveries(endpoint, status="pending")
        rests = b"\nbackbone_webhook_endpoints_resting 1.0\n" in metrics.exposition()
        return not await outward.leased() and (
            rests or all(_moment(one["next_attempt_at"]) > clock.now() for one in waiting)
        )

    await eventually(look)
    return waiting


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
