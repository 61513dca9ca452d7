"""Managing endpoints: what is accepted, what is refused, what may be seen, and by whom."""

from collections.abc import Awaitable, Callable

import pytest

from services.gateway.webhooks import domain
from services.gateway.webhooks.lanes import AT_FIRST
from shared.events.grants.funds import FundCreated
from shared.testing.eventually import eventually
from tests.gateway.outward import Json, Outward
from tests.gateway.running import ON_ONE_DATABASE

ENDPOINTS = "/v1/webhook-endpoints"
URL = "https://crm.invalid/hooks/backbone"


async def test_the_secret_is_shown_once_and_kept_sealed(outward: Outward) -> None:
    made = await outward.us.endpoint(URL, "award.*", "person.created")

    assert made["secret"].startswith("whsec_")
    read = await outward.us.get(f"{ENDPOINTS}/{made['id']}")
    assert read == {name: value for name, value in made.items() if name != "secret"}
    assert (read["url"], read["types"], read["status"]) == (URL, ["award.*", "person.created"], "enabled")
    stored = await outward.parts.db.read(lambda session: str(session.connection().exec_driver_sql(
        "SELECT * FROM webhook_endpoint").all()))  # fmt: skip
    assert made["secret"].removeprefix("whsec_") not in stored


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http://93.184.216.34/", "types": ["*"]}, "/url"),
        ({"url": "https://10.0.0.1/", "types": ["*"]}, "/url"),
        ({"url": "https://169.254.169.254/latest/meta-data", "types": ["*"]}, "/url"),
        ({"url": "https://user:secret@crm.invalid/", "types": ["*"]}, "/url"),
        ({"url": "ftp://crm.invalid/", "types": ["*"]}, "/url"),
        ({"url": "", "types": ["*"]}, "/url"),
        ({"url": "https://" + "a" * 2100, "types": ["*"]}, "/url"),
        ({"url": 7, "types": ["*"]}, "/url"),
        ({"url": URL, "types": []}, "/types"),
        ({"url": URL, "types": ["*", "no such type"]}, "/types/1"),
        ({"url": URL, "types": ["award.opened"]}, "/types/0"),
        ({"url": URL, "types": ["award*"]}, "/types/0"),
        ({"url": URL, "types": ["*"], "description": "x" * 501}, "/description"),
        ({"url": URL, "types": ["*"], "secret": "whsec_mine"}, "/secret"),
        ({"types": ["*"]}, "/url"),
    ],
)
async def test_what_cannot_be_an_endpoint_is_refused_by_pointer(outward: Outward, body: Json, pointer: str) -> None:
    answered = await outward.us.client.post(ENDPOINTS, json=body)

    assert answered.status_code == 422
    assert [fault["pointer"] for fault in answered.json()["errors"]] == [pointer]
    assert (await outward.us.get(ENDPOINTS))["data"] == []


async def test_an_edit_needs_the_version_that_was_read(outward: Outward) -> None:
    made = await outward.us.endpoint(URL)
    path = f"{ENDPOINTS}/{made['id']}"
    tag = (await outward.us.client.get(path)).headers["etag"]

    assert (await outward.us.client.patch(path, json={"description": "CRM"})).status_code == 428
    edited = await outward.us.client.patch(path, json={"description": "CRM"}, headers={"if-match": tag})
    stale = await outward.us.client.patch(path, json={"description": "ours"}, headers={"if-match": tag})
    odd = await outward.us.client.patch(path, json={"description": "ours"}, headers={"if-match": "what?"})

    assert edited.status_code == 200
    assert (stale.status_code, odd.status_code) == (412, 412)
    read = await outward.us.client.get(path)
    assert read.json()["description"] == "CRM"
    assert read.headers["etag"] == edited.headers["etag"] != tag


async def test_an_edited_url_and_filter_hold_for_what_comes_next(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/before"), "award.*")
    await outward.us.change(endpoint, url=outward.receiver.url("/after"), types=["fund.created"])
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"))

    await outward.received("/after")
    refused = await outward.us.client.patch(
        f"{ENDPOINTS}/{endpoint['id']}", json={"url": "https://127.0.0.1.invalid:0/"}, headers={"if-match": "*"}
    )
    assert refused.status_code == 422


async def test_while_paused_deliveries_wait_and_resuming_sends_them(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.change(endpoint, status="paused")
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"), FundCreated(fund="fund_2", currency="GBP"))
    await outward.fed(2)
    assert [one["status"] for one in await outward.us.deliveries(endpoint)] == ["pending", "pending"]
    assert outward.receiver.got == []

    await outward.us.change(endpoint, status="enabled")

    await outward.received("/hook", 2)


async def test_a_pause_holds_back_what_waits_in_memory(outward: Outward) -> None:
    held = outward.receiver.holds("/hook")
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(100)])
    await outward.fed(100)
    await outward.us.change(endpoint, status="paused")
    await eventually(_is(outward.leased, AT_FIRST))
    held.set()
    await eventually(_is(outward.leased, 0))

    assert len(outward.receiver.got) == AT_FIRST
    await outward.us.change(endpoint, status="enabled")
    await outward.received("/hook", 100)


@ON_ONE_DATABASE
async def test_a_new_address_holds_for_what_waits_in_memory_too(outward: Outward) -> None:
    held = outward.receiver.holds("/before")
    endpoint = await outward.us.post(
        ENDPOINTS, {"url": outward.receiver.url("/before"), "types": ["*"], "in_flight": 1}
    )
    await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(10)])
    await outward.received("/before")
    await eventually(_is(outward.leased, 10))
    await outward.us.change(endpoint, url=outward.receiver.url("/after"))
    await eventually(lambda: outward.sends_to(endpoint) == outward.receiver.url("/after"))
    held.set()

    await outward.received("/after", 9)
    assert len(outward.receiver.at("/before")) == 1


def _is(ask: Callable[[], Awaitable[int]], wanted: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return await ask() == wanted

    return look


async def test_a_deleted_endpoint_gets_nothing_and_is_not_there_any_more(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.endpoint(outward.receiver.url("/other"))
    path = f"{ENDPOINTS}/{endpoint['id']}"
    deleted = await outward.us.client.delete(path, headers={"if-match": '"1"'})
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
    await outward.received("/other")

    assert deleted.status_code == 204
    assert outward.receiver.at("/hook") == []
    assert (await outward.us.client.get(path)).status_code == 404
    assert (await outward.us.client.get(path + "/deliveries")).status_code == 404
    assert len((await outward.us.get(ENDPOINTS))["data"]) == 1


async def test_a_test_of_an_endpoint_that_is_paused_is_refused(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(URL)
    await outward.us.change(endpoint, status="paused")

    answered = await outward.us.client.post(f"{ENDPOINTS}/{endpoint['id']}/test")

    assert (answered.status_code, answered.json()["code"]) == (409, "endpoint_not_enabled")


async def test_a_movement_has_a_limited_number_of_endpoints(outward: Outward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "MOST_ENDPOINTS", 2)
    for _ in range(2):
        await outward.us.endpoint(URL)

    answered = await outward.us.client.post(ENDPOINTS, json={"url": URL, "types": ["*"]})

    assert (answered.status_code, answered.json()["code"]) == (409, "too_many_endpoints")
    await outward.them.endpoint(URL)


async def test_a_repeated_request_with_the_same_key_makes_one_endpoint_and_shows_the_same_secret(
    outward: Outward,
) -> None:
    body, headers = {"url": URL, "types": ["*"]}, {"idempotency-key": "once"}

    first = await outward.us.client.post(ENDPOINTS, json=body, headers=headers)
    second = await outward.us.client.post(ENDPOINTS, json=body, headers=headers)

    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"]
    assert len((await outward.us.get(ENDPOINTS))["data"]) == 1


async def test_another_movement_sees_and_changes_nothing(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/ours"))
    theirs = await outward.them.endpoint(outward.receiver.url("/theirs"))
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
    (delivery,) = await outward.settled(endpoint, "succeeded")
    recovery = await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/recover", {"since": "2026-01-01T00:00:00Z"})
    ours = f"{ENDPOINTS}/{endpoint['id']}"
    reads = ["", "/deliveries", f"/deliveries/{delivery['id']}", f"/recoveries/{recovery['id']}"]
    writes = ["/secret", "/test", "/recover", f"/deliveries/{delivery['id']}/resend"]

    for path in reads:
        assert (await outward.them.client.get(ours + path)).status_code == 404
    for path in writes:
        body = {"since": "2026-01-01T00:00:00Z"} if path == "/recover" else None
        answered = await outward.them.client.post(ours + path, json=body)
        assert answered.status_code == 404
    for method in ("PATCH", "DELETE"):
        answered = await outward.them.client.request(method, ours, json={}, headers={"if-match": "*"})
        assert answered.status_code == 404
    # Nor do they reach our delivery or our recovery through an endpoint of their own.
    for path in (f"/deliveries/{delivery['id']}", f"/recoveries/{recovery['id']}"):
        assert (await outward.them.client.get(f"{ENDPOINTS}/{theirs['id']}{path}")).status_code == 404
    assert [one["id"] for one in (await outward.them.get(ENDPOINTS))["data"]] == [theirs["id"]]
    assert await outward.them.deliveries(theirs) == []
    assert outward.receiver.at("/theirs") == []


async def test_deliveries_are_listed_by_status_in_pages_the_newest_first(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(5)])
    listed = await outward.settled(endpoint, "succeeded", 5)
    path = f"{ENDPOINTS}/{endpoint['id']}/deliveries"

    first = await outward.us.get(path, limit=3)
    second = await outward.us.get(path, limit=3, cursor=first["next_cursor"])

    assert first["data"] + second["data"] == listed
    assert listed == sorted(listed, key=lambda one: one["id"], reverse=True)
    assert second["next_cursor"] is None
    assert await outward.us.deliveries(endpoint, status="exhausted") == []
    assert (await outward.us.client.get(path, params={"status": "lost"})).status_code == 422


async def test_an_id_that_is_none_is_refused(outward: Outward) -> None:
    for path in ("/nonsense", "/person_01j5x3m0e8f7v9q2k4t6w8y0ab"):
        assert (await outward.us.client.get(ENDPOINTS + path)).status_code == 422
    assert (await outward.us.client.get(ENDPOINTS + "/hook_01j5x3m0e8f7v9q2k4t6w8y0ab")).status_code == 404
