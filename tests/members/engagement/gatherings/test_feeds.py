"""Calendars that others subscribe to, read by another library; and the open feed, walked to its end and validated."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import vobject
from fastapi import FastAPI

from shared import clock
from shared.opened import MOVEMENT_NAME, PUBLIC_URL, SCOPE
from shared.secrets import Secrets
from shared.testing.caller import Json, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.gateway.receiver import Answer, Got, Receiver, Say
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import WALK, book, edit, published

SESSIONS = "/open/we-can-move/openactive/sessions"


@pytest.fixture
async def public(app: FastAPI, vouching: Secrets, members: Caller) -> AsyncIterator[Caller]:
    """Anybody, as the gateway vouches for them."""
    async with Caller(app, vouching, members.movement, frozenset({SCOPE})) as caller:
        caller.client.headers.update({PUBLIC_URL: "https://backbone.example.org", MOVEMENT_NAME: "We%20can%20move"})
        yield caller


async def feed(public: Caller, path: str = SESSIONS, **query: int) -> list[Json]:
    """Every item of the feed from a page on, as somebody who follows it gets them."""
    items: list[Json] = []
    page = await public.get(path, **query)
    while page["items"]:
        items += page["items"]
        url = urlsplit(page["next"])
        assert (url.netloc, url.path) == ("backbone.example.org", SESSIONS)
        page = json_of(await public.client.get(f"{url.path}?{url.query}"), 200)
    assert urlsplit(page["next"]).query or not items
    return items


async def events(caller: Caller, path: str) -> list[Json]:
    """The events of a calendar, as an independent library reads them."""
    answered = await caller.client.get(path)
    assert answered.status_code == 200, answered.text
    assert answered.headers["content-type"].startswith("text/calendar")
    read = vobject.readOne(answered.text)
    assert "BEGIN:VTIMEZONE" in answered.text or not hasattr(read, "vevent_list")
    return [
        {child.name.lower(): child.value for child in event.getChildren()} for event in getattr(read, "vevent_list", [])
    ]


async def test_only_published_public_gatherings_are_listed_and_nobody_is_named(members: Caller, public: Caller) -> None:
    ada = await members.person("Adelheid")
    gathering, slot = await published(members, capacity=10)
    await book(members, gathering, slot, ada)
    draft = (await members.post("/v1/gatherings", WALK))["id"]
    await members.post(f"/v1/gatherings/{draft}/slots", {"starts": "2027-01-06T12:00:00", "minutes": 60})
    own = await published(members)
    await edit(members, f"/v1/gatherings/{own[0]}", {"audience": "members"}, method="PATCH")
    live = [item for item in await feed(public) if item["state"] == "updated"]
    assert [item["id"] for item in live] == [slot]
    data = live[0]["data"]
    assert (data["superEvent"]["name"], data["superEvent"]["organizer"]["name"]) == (WALK["title"], "We can move")
    assert data["maximumAttendeeCapacity"] == 10
    text = json.dumps(live)
    assert not [secret for secret in (ada, "Adelheid", WALK["online_url"]) if secret in text]


async def test_what_changes_comes_again_behind_and_what_is_hidden_stays_as_a_tombstone(
    members: Caller, public: Caller
) -> None:
    first, second = await published(members), await published(members)
    before = await feed(public, limit=1)
    assert [item["id"] for item in before] == [first[1], second[1]]
    await edit(members, f"/v1/gatherings/{first[0]}", {"title": "Lunch walk"}, method="PATCH")
    after = await feed(public, limit=1)
    assert [item["id"] for item in after] == [second[1], first[1]]
    assert after[0] == before[1]
    await edit(members, f"/v1/gatherings/{second[0]}/slots/{second[1]}/cancel")
    await edit(members, f"/v1/gatherings/{first[0]}", {"audience": "members"}, method="PATCH")
    cancelled, gone = await feed(public)
    assert cancelled["data"]["eventStatus"] == "https://schema.org/EventCancelled"
    assert (gone["id"], gone["state"], "data" in gone) == (first[1], "deleted", False)
    await edit(members, f"/v1/gatherings/{first[0]}", {"audience": "public"}, method="PATCH")
    assert [item["state"] for item in await feed(public)] == ["updated", "updated"]


async def test_each_item_has_a_place_of_its_own_however_many_are_published_at_once(
    members: Caller, public: Caller
) -> None:
    with clock.frozen(clock.now()):
        gathering, _ = await published(members)
        daily = {"rule": "FREQ=DAILY;COUNT=5", "first": "2027-01-06T12:00:00", "minutes": 60}
        await asyncio.gather(*(members.post(f"/v1/gatherings/{gathering}/series", daily) for _ in range(4)))
    items = await feed(public, limit=3)
    places = [(item["modified"], item["id"]) for item in items]
    assert len(places) == len({modified for modified, _ in places}) == 21
    assert places == sorted(places)


@ON_ONE_DATABASE
async def test_a_page_may_be_kept_as_long_as_the_specification_says(members: Caller, public: Caller) -> None:
    empty = await public.client.get(SESSIONS)
    assert (empty.headers["cache-control"], empty.json()["items"]) == ("public, max-age=8", [])
    assert empty.json()["next"] == f"https://backbone.example.org{SESSIONS}"
    await published(members)
    assert (await public.client.get(SESSIONS)).headers["cache-control"] == "public, max-age=3600"


@ON_ONE_DATABASE
async def test_openactives_own_validators_accept_the_feed(members: Caller, public: Caller, validators: Path) -> None:
    gathering, slot = await published(members, capacity=10)
    await published(members)
    await edit(members, f"/v1/gatherings/{gathering}/slots/{slot}/cancel")
    hidden = await published(members)
    await edit(members, f"/v1/gatherings/{hidden[0]}", {"audience": "members"}, method="PATCH")
    async with Receiver().running() as server:

        async def relay(got: Got) -> Say:
            answered = await public.client.get(got.path, headers={PUBLIC_URL: server.url("")})
            kept = {name: answered.headers[name] for name in ("content-type", "cache-control")}
            return Say(answered.status_code, kept, answered.content)

        server.answers = Everything(relay)
        process = await asyncio.create_subprocess_exec(
            "node", "-e", VALIDATE, server.url(SESSIONS), cwd=validators, stdout=subprocess.PIPE
        )
        said, _ = await process.communicate()
    found = json.loads(said)
    assert (found["feed"], found["items"], found["validated"]) == ([], [], 2)
    assert found["pages"] >= 2


@ON_ONE_DATABASE
async def test_a_calendar_of_what_is_published_is_read_at_its_secret_address_until_it_is_revoked(
    members: Caller, public: Caller
) -> None:
    _, slot = await published(members, starts="2027-07-07T12:00:00")
    made = await members.post("/v1/calendars", {"label": "The foyer"})
    (event,) = await events(public, made["path"])
    noon = datetime(2027, 7, 7, 12, 0, tzinfo=ZoneInfo("Europe/London"))
    assert (event["uid"], event["dtstart"], event["summary"]) == (f"{slot}@{members.movement}", noon, WALK["title"])
    assert (event["status"], "url" in event) == ("CONFIRMED", False)
    listed = await members.every("/v1/calendars")
    assert [row["id"] for row in listed] == [made["id"]]
    assert made["path"].rpartition("/")[2] not in json.dumps(listed)
    await members.post(f"/v1/calendars/{made['id']}/revoke", status=200)
    for path in (made["path"], f"/open/x/calendar/{'x' * 43}.ics"):
        assert (await public.client.get(path)).status_code == 404


@ON_ONE_DATABASE
async def test_the_same_event_is_told_anew_when_it_moves_or_is_cancelled(members: Caller, public: Caller) -> None:
    gathering, slot = await published(members)
    path = (await members.post("/v1/calendars", {}))["path"]
    seen = [(await events(public, path))[0]]
    for step, body, method in (
        (f"/slots/{slot}", {"starts": "2027-07-07T15:00:00"}, "PATCH"),
        ("", {"title": "Lunch walk"}, "PATCH"),
        ("/cancel", {"because": "Storm."}, "POST"),
    ):
        await edit(members, f"/v1/gatherings/{gathering}{step}", body, method=method)
        seen += await events(public, path)
    assert len({event["uid"] for event in seen}) == 1
    sequences = [int(event["sequence"]) for event in seen]
    assert sequences == sorted(set(sequences))
    assert [event["status"] for event in seen] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    assert seen[-1]["description"] == "Storm.\n\nstep-free"


@ON_ONE_DATABASE
async def test_a_persons_calendar_has_what_they_booked_and_says_where_to_join(members: Caller, public: Caller) -> None:
    gathering, slot = await published(members, capacity=1)
    booking = await book(members, gathering, slot)
    waiting = await book(members, gathering, slot)
    await published(members)
    for person, found in ((booking["person"], 1), (waiting["person"], 0)):
        made = await members.post("/v1/calendars", {"person": person})
        read = await events(public, made["path"])
        assert [event["url"] for event in read] == [WALK["online_url"]] * found
    (own,) = await events(members, f"/v1/bookings/{booking['id']}/calendar")
    (open_to_all,) = await events(members, f"/v1/gatherings/{gathering}/slots/{slot}/calendar")
    assert (own["url"], "url" in open_to_all) == (WALK["online_url"], False)
    assert (await members.client.get(f"/v1/bookings/{waiting['id']}/calendar")).status_code == 404


class Everything(dict[str, Answer]):
    """One answer to whatever is asked."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def get(self, path: str, default: object = None) -> Answer:
        return self._answer


VALIDATE = """
const { RpdeValidator } = require('@openactive/rpde-validator');
const { validate } = require('@openactive/data-model-validator');
// The list of activities is on the web and cannot be had here; that ours is on it was looked up.
const away = ['file_not_found', 'activity_not_in_activity_list'];
const url = process.argv[1];
(async () => {
  const log = await RpdeValidator(url, { requestDelayMs: 0 });
  const feed = [], items = [];
  for (const page of log.pages) for (const e of page.errors)
    if (e.severity === 'failure') feed.push(`${e.type} ${e.path}`);
  const body = await (await fetch(url)).json();
  const live = body.items.filter((item) => item.data), validated = live.length;
  for (const item of live)
    for (const e of await validate(item.data, { loadRemoteJson: false, validationMode: 'RPDEFeed' }))
      if (e.severity === 'failure' && !away.includes(e.type)) items.push(`${e.type} ${e.path}`);
  console.log(JSON.stringify({ feed, items, pages: log.pages.length, validated }));
})();
"""


@pytest.fixture(scope="session")
def validators() -> Path:
    """A folder in which node finds OpenActive's validators; made once, and kept for later runs."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("OpenActive's validators: NOT RUN (no node)")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backbone-test-openactive"
    if not (cache / "node_modules" / "@openactive" / "rpde-validator").exists():
        cache.mkdir(parents=True, exist_ok=True)
        wanted = ["@openactive/rpde-validator@3.0.3571", "@openactive/data-model-validator@3.0.3"]
        command = ["npm", "install", "--prefix", str(cache), "--ignore-scripts", "--no-audit", "--no-fund", *wanted]
        done = subprocess.run(command, check=False, capture_output=True, timeout=120)
        if done.returncode:
            shutil.rmtree(cache / "node_modules", ignore_errors=True)
            pytest.skip("OpenActive's validators: NOT RUN (the registry cannot be reached)")
    return cache
