"""One story through a running suite, embedded and at scale: what its partners see, and what nobody may."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from shared.testing.eventually import eventually
from tests.gateway.receiver import Receiver
from tests.plugins.parts import scale
from tests.suite.processes import Suite, at_scale, embedded, migrated
from tests.suite.story import CANARIES, CANARY_EMAIL, CANARY_NAME, CANARY_WORDS, PLACES, post, tell


@pytest.fixture(scope="module", params=["embedded", "postgres and kafka"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Suite, Path]]:
    """The suite, running for all tests of this module."""
    folder = tmp_path_factory.mktemp("suite")
    if request.param == "embedded":
        suite = embedded(folder)
    else:
        server, kafka = (request.getfixturevalue(name) for name in ("postgres_server", "kafka_server"))
        suite = at_scale(folder, migrated(server), kafka.new_url())
    for process in suite.processes.values():
        process.away = timedelta()  # a partner's package holds signatures to the machine's clock
    try:
        asyncio.run(suite.start())
        yield suite, folder
    finally:  # also where one of them did not start: the others run
        suite.kill()


def _client(suite: Suite, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=suite.url, headers={"authorization": f"Bearer {token}"}, timeout=20)


@pytest.fixture
async def platform(running: tuple[Suite, Path]) -> AsyncIterator[httpx.AsyncClient]:
    """The platform key's client."""
    async with running[0].client() as client:
        yield client


@pytest.fixture
async def movements(
    running: tuple[Suite, Path], platform: httpx.AsyncClient, receiver: Receiver
) -> AsyncIterator[tuple[httpx.AsyncClient, ...]]:
    """Two new movements of the running suite, each with a key of its own."""
    suite, _ = running
    clients: list[httpx.AsyncClient] = []
    for name in ("one", "two"):
        movement = await post(platform, "/v1/movements", {"name": name, "slug": f"{name}-{receiver.port}"})
        chosen = {"backbone-movement": movement["slug"]}
        made = await post(platform, "/v1/api-keys", {"name": "story", "scopes": ["*"]}, headers=chosen)
        clients.append(_client(suite, made["token"]))
    yield tuple(clients)
    for client in clients:
        await client.aclose()


async def test_people_join_figures_are_shared_a_grant_is_awarded_and_partners_see_it(
    movements: tuple[httpx.AsyncClient, ...], platform: httpx.AsyncClient, receiver: Receiver
) -> None:
    client, _ = movements
    told = await tell(client, platform, receiver.url("/one"))
    events = await eventually(lambda: _all_of(client, "award.accepted"), within=30)
    assert {event["type"] for event in events} >= {
        "person.created", "membership.joined", "permission.given", "pledge.made", "activity.recorded",
        "membership.rung_changed", "measure.created", "measure_version.published", "observation.recorded",
        "observations.imported", "fund.created", "contribution.cleared", "round.opened", "application.submitted",
        "award.offered", "award.accepted",
    }  # fmt: skip
    series = (await client.get(f"/v1/measures/{told.ids['measure']}/series", params={"place": "E07000080"})).json()
    assert [(point["period"], point["value"]) for point in series["points"]] == [("2015/16", 21.2), ("2023/24", 19.3)]
    await eventually(lambda: _received(receiver, events), within=30)
    await eventually(
        lambda: _totals(client, {"people": 1, "pledges": 1, "awards_accepted": 1, "figures": 2}), within=30
    )


async def test_every_webhook_is_signed_as_standard_webhooks_says(
    movements: tuple[httpx.AsyncClient, ...], receiver: Receiver
) -> None:
    client, _ = movements
    endpoint = await post(client, "/v1/webhook-endpoints", {"url": receiver.url("/signed"), "types": ["person.*"]})
    await post(client, "/v1/sign-ups", {"person": {"given_name": "Ada"}})
    await eventually(lambda: len(receiver.at("/signed")) == 1, within=30)
    got = receiver.at("/signed")[0]
    assert Webhook(endpoint["secret"]).verify(got.body, dict(got.headers))["type"] == "person.created"


async def test_a_composed_read_has_the_write_that_it_is_told_of_or_says_that_it_has_not(
    movements: tuple[httpx.AsyncClient, ...],
) -> None:
    client, _ = movements
    met, writes = 0, scale(100)  # in each way of running
    for number in range(1, writes + 1):
        written = await client.post("/v1/sign-ups", json={"person": {"given_name": "Ada"}})
        position = written.headers["backbone-position"]
        read = await client.get("/v1/overview", headers={"backbone-wait-for": position})
        people = read.json()["sections"]["totals"]["content"]["people"]
        assert read.headers["backbone-wait"] in ("met", "timed_out")
        if read.headers["backbone-wait"] == "met":
            assert people == number
            met += 1
    assert met > writes // 2


async def test_what_is_composed_of_the_services_is_there_in_every_section(
    movements: tuple[httpx.AsyncClient, ...], platform: httpx.AsyncClient, receiver: Receiver
) -> None:
    client, _ = movements
    told = await tell(client, platform, receiver.url("/composed"))
    for path in (
        f"/v1/people/{told.ids['person']}/profile",
        f"/v1/places/{told.ids['code']}/profile",
        "/v1/backbone/functions",
        "/v1/search?q=a",
    ):
        sections = (await client.get(path)).json()["sections"]
        wanting = {name: each["reason"] for name, each in sections.items() if each["status"] != "ok"}
        assert wanting.keys() <= {"guide_vision_and_strategy.agenda"}, f"{path}: {wanting}"


async def test_a_platform_key_is_told_to_choose_and_any_other_may_not(
    movements: tuple[httpx.AsyncClient, ...], platform: httpx.AsyncClient
) -> None:
    ours, _ = movements
    unchosen = await platform.get("/v1/people")
    assert unchosen.status_code == 400, unchosen.text
    assert (await platform.get("/v1/people", headers={"backbone-movement": "my-movement"})).status_code == 200
    refused = await ours.get("/v1/people", headers={"backbone-movement": "my-movement"})
    assert refused.status_code == 400, refused.text


async def test_nothing_identifying_is_on_the_bus_in_logs_metrics_or_stored_deliveries(
    running: tuple[Suite, Path],
    movements: tuple[httpx.AsyncClient, ...],
    platform: httpx.AsyncClient,
    receiver: Receiver,
) -> None:
    suite, folder = running
    client, _ = movements
    await tell(client, platform, receiver.url("/canary"))
    events = await eventually(lambda: _all_of(client, "award.accepted"), within=30)
    await eventually(lambda: _received(receiver, events), within=30)
    for process in suite.processes.values():
        async with httpx.AsyncClient() as anybody:
            _holds_none((await anybody.get(f"http://127.0.0.1:{process.port}/metrics")).content, "metrics")
        _holds_none(process.log.read_bytes(), process.log.name)
    for got in receiver.got:
        _holds_none(got.body, "a webhook's body")
    _holds_none(str(events).encode(), "the feed")
    for path in (folder / "data").glob("*"):
        if path.is_file() and path.name.startswith(("bus.db", "gateway.db")):
            _holds_none(path.read_bytes(), path.name)


def _holds_none(content: bytes, where: str) -> None:
    found = [canary for canary in CANARIES if canary.encode() in content]
    assert not found, f"{where} holds {found}"


async def _all_of(client: httpx.AsyncClient, last_type: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = (await client.get("/v1/events", params={"limit": 200})).json()["data"]
    return events if any(event["type"] == last_type for event in events) else []


def _received(receiver: Receiver, events: list[dict[str, Any]]) -> bool:
    """Whether everything came, but for the movement's own beginning: there was no endpoint yet to tell."""
    told = {event["id"] for event in events if event["type"] != "movement.created"}
    return told <= {got.event["id"] for got in receiver.got}


async def _totals(client: httpx.AsyncClient, expected: Mapping[str, int]) -> bool:
    totals = (await client.get("/v1/overview")).json()["sections"]["totals"]["content"]
    return {name: totals[name] for name in expected} == expected


async def test_what_all_movements_share_is_changed_by_a_platform_key_alone(
    movements: tuple[httpx.AsyncClient, ...],
) -> None:
    ours, _ = movements
    refused = await ours.post("/v1/places/imports", content=PLACES, headers={"content-type": "text/csv"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden"), refused.text


async def test_an_archive_holds_what_every_service_keeps_of_somebody(
    movements: tuple[httpx.AsyncClient, ...], platform: httpx.AsyncClient, receiver: Receiver
) -> None:
    client, _ = movements
    told = await tell(client, platform, receiver.url("/archive"))
    person, round_ = told.ids["person"], told.ids["round_id"]
    asked = {"amount": "600.00", "currency": "GBP"}
    summary = f"{CANARY_NAME} lends us the boat"
    body = {"round": round_, "group_name": "Rowers", "summary": summary, "amount": asked}
    await post(client, "/v1/applications", body)
    await eventually(
        lambda: any(got.event.get("type") == "person.created" for got in receiver.at("/archive")), within=30
    )
    request = await post(client, "/v1/requests", {"kind": "access", "how": "letter", "person": person})
    await post(client, f"/v1/requests/{request['id']}/verify", {"identified": "document_seen"})
    made = await client.post(f"/v1/people/{person}/export", json={"request": request["id"]})
    assert made.status_code == 202, made.text
    path = f"/v1/people/{person}/export/{made.json()['id']}"
    await eventually(lambda: _in_state(client, path, "in_review"), within=30)
    passages = (await client.get(f"{path}/passages")).json()["data"]
    assert summary in [passage["words"] for passage in passages]
    decisions = [{"passage": passage["passage"], "decision": "released"} for passage in passages]
    await post(client, f"{path}/decisions", {"decisions": decisions})
    assert (await client.post(f"{path}/release")).status_code == 202
    await eventually(lambda: _in_state(client, path, "released"), within=30)
    file = zipfile.ZipFile(io.BytesIO((await client.get(f"{path}/file")).content))
    page = file.read("index.html").decode()
    for kept in (CANARY_NAME.split()[0], CANARY_EMAIL, CANARY_WORDS, summary, receiver.url("/archive")):
        assert kept in page


async def _in_state(client: httpx.AsyncClient, path: str, state: str) -> bool:
    return bool((await client.get(path)).json()["state"] == state)
