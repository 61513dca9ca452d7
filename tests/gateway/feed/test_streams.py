"""The feed as a stream: cut off at any moment it goes on where it was; it ends with its listener's right to listen."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager

import httpx
import pytest

from services.gateway.feed import domain, streams
from services.gateway.feed.arrivals import Arrivals
from services.gateway.feed.filters import filter_of
from services.gateway.feed.streams import Streams, stream
from shared import clock
from shared.auth import Principal
from shared.db import Session
from shared.events.base import Received
from shared.events.grants.funds import FundCreated
from shared.ids import new_id
from shared.pages import PagingOf
from shared.testing.eventually import eventually
from shared.testing.serving import served
from tests.gateway.log import Log
from tests.gateway.running import ON_ONE_DATABASE, Gateway, Json
from tests.plugins.parts import scale

EVERYTHING = filter_of(("*",))


@pytest.fixture
def paging() -> PagingOf:
    return PagingOf(7, None, b"a key of a test", b"movement\n/v1/events\n")


def put(session: Session, movement: str, first: int, count: int) -> None:
    """Put events into the feed as the consumer does."""
    domain.publish(
        session,
        movement,
        [
            Received(
                new_id("evt"), "fund.created", "grants", f"fund_{number}", 1, movement, "key_1", None, None, None,
                clock.now(), b'{"fund":"fund_%d","currency":"GBP"}' % number,
            )
            for number in range(first, first + count)
        ],
    )  # fmt: skip


def told(chunk: bytes) -> tuple[str, str | None]:
    """The id of what was sent, and the subject of the event; None for a heartbeat."""
    lines = chunk.decode().splitlines()
    data = next((line.removeprefix("data: ") for line in lines if line.startswith("data: ")), None)
    return lines[0].removeprefix("id: "), None if data is None else json.loads(data)["subject"]


async def test_cut_off_at_random_nothing_is_lost_and_nothing_comes_twice(gateway: Gateway, paging: PagingOf) -> None:
    movement, db = new_id("movement"), gateway.parts.db
    listener = Principal("key_1", movement, frozenset({"events:read"}))
    drops, chance = scale(100), random.Random(8)
    open_, after, written = Streams(Arrivals()), 0, 0
    heard: list[str | None] = []

    async def admitted() -> Principal:
        return listener

    for _ in range(drops):
        more = chance.randrange(6)
        await db.write(put, movement, written + 1, more)
        written += more
        left = chance.randrange(1, 12)
        if len(heard) == written:
            continue  # there is nothing to hear: it would wait
        async with aclosing(stream(open_, db, admitted, after, EVERYTHING, paging)) as events:
            async for chunk in events:
                cursor, subject = told(chunk)
                heard.append(subject)
                (after,) = (int(part) for part in paging.position_of(cursor))
                left -= 1
                if not left or len(heard) == written:
                    break
    page = await db.read(domain.read, movement, after, EVERYTHING, 10_000)
    heard += [event.subject for event in page.events]
    assert heard == [f"fund_{number}" for number in range(1, written + 1)]


@asynccontextmanager
async def listening(
    gateway: Gateway, token: str, last: str | None = None, **parameters: str
) -> AsyncIterator[httpx.Response]:
    """A stream over a real connection."""
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    headers |= {} if last is None else {"last-event-id": last}
    async with (
        served(gateway.app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
        client.stream("GET", "/v1/events", headers=headers, params=parameters) as response,
    ):
        yield response


async def subjects(response: httpx.Response, count: int) -> tuple[list[str], str]:
    """The subjects of the next events, and the last id."""
    found, last = [], ""
    async with asyncio.timeout(10):
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            last = value if name == "id" else last
            if name == "data":
                found.append(json.loads(value)["subject"])
            if len(found) == count:
                break
    return found, last


def funds(*numbers: int) -> Iterator[FundCreated]:
    return (FundCreated(fund=f"fund_{number}", currency="GBP") for number in numbers)


async def the_key(gateway: Gateway) -> tuple[str, Json]:
    """A key's token, and who it is, once the feed has the movement's own beginning: else that comes between."""
    made = await gateway.platform.made("/v1/api-keys", {"name": "K", "scopes": ["events:read"]})
    key = gateway.holding(made["token"])

    async def begun() -> bool:
        return bool((await key.get("/v1/events", params={"types": "movement.created"})).json()["data"])

    await eventually(begun, within=30)
    me: Json = (await key.get("/v1/me")).json()
    return made["token"], me


async def test_a_listener_hears_what_is_committed_and_goes_on_by_last_event_id(gateway: Gateway) -> None:
    token, me = await the_key(gateway)
    log, movement = Log(gateway.parts.bus), me["movement"]["id"]
    await log.publish(movement, *funds(1))
    async with listening(gateway, token, types="fund.*") as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        first, _ = await subjects(response, 1)
    await log.publish(movement, *funds(2))
    page = await gateway.holding(token).get("/v1/events", params={"types": "fund.*", "wait": 5})
    async with listening(gateway, token, last=page.json()["next_cursor"], types="fund.*") as response:
        await log.publish(movement, *funds(3, 4))
        heard = await subjects(response, 4 - len(page.json()["data"]))
    assert first == ["fund_1"]
    assert heard[0][-1] == "fund_4"
    assert len(set(heard[0])) == len(heard[0])


@ON_ONE_DATABASE
async def test_who_is_revoked_hears_no_more(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    token, me = await the_key(gateway)
    async with listening(gateway, token) as response:
        chunks = response.aiter_lines()
        async with asyncio.timeout(5):
            while await anext(chunks) != ": alive":
                pass
        await gateway.platform.delete(f"/v1/api-keys/{me['id']}")
        async with asyncio.timeout(5):
            rest = [line async for line in chunks]
    assert not [line for line in rest if line.startswith("data")]


@ON_ONE_DATABASE
async def test_what_is_wrong_is_a_problem_before_the_stream_begins(gateway: Gateway) -> None:
    token, me = await the_key(gateway)
    stranger = await gateway.key("people:read")
    as_stream = {"Accept": "text/event-stream"}
    assert (await stranger.get("/v1/events", headers=as_stream)).status_code == 403
    key = gateway.holding(token)
    bad = await key.get("/v1/events", headers=as_stream | {"Last-Event-ID": "nonsense"})
    assert (bad.status_code, bad.json()["code"]) == (400, "invalid_cursor")
    open_: Streams = gateway.app.state.streams
    open_._open[me["id"]] = 50
    full = await key.get("/v1/events", headers=as_stream)
    assert (full.status_code, full.json()["code"], "retry-after" in full.headers) == (429, "too_many_streams", True)


@ON_ONE_DATABASE
async def test_a_cursor_behind_which_events_are_gone_is_410_with_the_earliest_one(gateway: Gateway) -> None:
    token, me = await the_key(gateway)
    key, movement = gateway.holding(token), me["movement"]["id"]
    await gateway.parts.db.write(put, movement, 1, 6)
    early = (await key.get("/v1/events?limit=1")).json()["next_cursor"]
    late = (await key.get("/v1/events?limit=200")).json()["next_cursor"]

    def cut(session: Session) -> None:
        session.connection().exec_driver_sql("DELETE FROM feed_item WHERE position < 4")

    await gateway.parts.db.write(cut)
    for headers in ({}, {"Accept": "text/event-stream"}):
        answer = await key.get("/v1/events", params={"cursor": early}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")
        again = (await key.get("/v1/events", params={"cursor": answer.json()["earliest"], "limit": 200})).json()
        assert again["next_cursor"] == late

    def restore(session: Session) -> None:
        session.connection().exec_driver_sql("DELETE FROM feed_item")
        session.connection().exec_driver_sql("UPDATE feed_head SET position = 0")

    await gateway.parts.db.write(restore)
    answer = await key.get("/v1/events", params={"cursor": late})
    assert answer.status_code == 410
