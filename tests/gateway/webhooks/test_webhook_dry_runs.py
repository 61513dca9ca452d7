"""Trying out a change: what it says is gained, lost and changed is what two real endpoints are really sent."""

import random
from datetime import timedelta

from shared import clock
from shared.events.base import Event
from shared.events.grants.awards import AwardAccepted, AwardOffered
from shared.events.grants.funds import FundCreated
from tests.gateway.outward import Json, Outward
from tests.gateway.running import ON_ONE_DATABASE

ENDPOINTS = "/v1/webhook-endpoints"
BEFORE = {
    "types": ["award.*"],
    "payload_filter": "type != 'award.accepted' || subject != 'award_1'",
    "mapping": "{a: subject, p: data.amount_pence}",
}
AFTER = {
    "types": ["award.offered", "fund.*"],
    "payload_filter": "data.amount_pence >= `50000` || data.fund",
    "mapping": "{a: subject, p: data.amount_pence || `0`}",
}


def offered(award: int, pence: int) -> AwardOffered:
    return AwardOffered(award=f"award_{award}", application="a", round="r", amount_pence=pence, currency="GBP")


def events(chance: random.Random, count: int) -> list[Event]:
    """Events of all that the two ways differ about."""
    made: list[Event] = []
    for number in range(count):
        award = chance.randrange(5)
        kinds = (
            offered(award, chance.choice([1, 50_000, 60_000])),
            AwardAccepted(award=f"award_{award}"),
            FundCreated(fund=f"fund_{number}", currency="GBP"),
        )
        made.append(chance.choice(kinds))
    return made


async def test_it_says_exactly_what_two_endpoints_are_really_sent(outward: Outward) -> None:
    now = await outward.us.post(ENDPOINTS, {"url": outward.receiver.url("/now"), **BEFORE})
    then = await outward.us.post(ENDPOINTS, {"url": outward.receiver.url("/then"), **AFTER})
    await outward.publish(*events(random.Random(9), 60))
    await outward.fed(60)
    await outward.nothing_pending(now)
    await outward.nothing_pending(then)
    had = {got.event["id"]: got.event["data"] for got in outward.receiver.at("/now")}
    would = {got.event["id"]: got.event["data"] for got in outward.receiver.at("/then")}

    parts = [await tried(outward, now, AFTER, limit=4)]
    while parts[-1]["next_cursor"]:
        parts.append(await tried(outward, now, AFTER, limit=4, cursor=parts[-1]["next_cursor"]))

    found = {one["event_id"]: one for part in parts for one in part["data"]}
    assert sum(len(part["data"]) for part in parts) == len(found)
    assert {id_: (one["before"], one["after"]) for id_, one in found.items()} == {
        id_: (had.get(id_), would.get(id_)) for id_ in had.keys() | would.keys() if had.get(id_) != would.get(id_)
    }
    assert {one["change"] for one in found.values()} == {"gained", "lost"}
    assert sum(part["before"] for part in parts) == len(had)
    assert sum(part["after"] for part in parts) == len(would)
    assert sum(part["gained"] for part in parts) == len(would.keys() - had.keys())
    assert sum(part["lost"] for part in parts) == len(had.keys() - would.keys())
    assert len(parts) > 3


@ON_ONE_DATABASE
async def test_another_mapping_changes_what_both_are_sent_and_one_that_does_not_fit_is_told(outward: Outward) -> None:
    endpoint = await outward.us.post(ENDPOINTS, {"url": outward.receiver.url("/hook"), "types": ["award.offered"]})
    await outward.publish(offered(1, 1), offered(2, 2))
    await outward.received("/hook", 2)

    same = await tried(outward, endpoint, {"mapping": "data"})
    shaped = await tried(outward, endpoint, {"mapping": "data.amount_pence"})
    unfit = await tried(outward, endpoint, {"mapping": "length(data.amount_pence)"})

    assert (same["before"], same["after"], same["changed"], same["data"]) == (2, 2, 0, [])
    assert [(one["change"], one["after"]) for one in shaped["data"]] == [("changed", 1), ("changed", 2)]
    assert unfit["data"][0]["after"]["mapping_failed"].startswith("In function length()")


@ON_ONE_DATABASE
async def test_it_looks_back_for_thirty_days_and_changes_and_sends_nothing(outward: Outward) -> None:
    with clock.frozen(clock.now()) as time:
        await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
        await outward.fed(1)
        time.advance(timedelta(days=2))
        await outward.publish(FundCreated(fund="fund_2", currency="GBP"))
        await outward.fed(2)
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "award.*")
        time.advance(timedelta(days=28, seconds=1))
        found = await tried(outward, endpoint, {"types": ["*"]})

    assert [one["subject"] for one in found["data"]] == ["fund_2"]
    assert outward.receiver.got == []
    kept = await outward.us.get(f"{ENDPOINTS}/{endpoint['id']}")
    assert (kept["types"], kept["version"]) == (["award.*"], 1)


@ON_ONE_DATABASE
async def test_what_could_not_be_changed_cannot_be_tried_either(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    path = f"{ENDPOINTS}/{endpoint['id']}/dry-run"
    for body, pointer in (
        ({"types": ["nothing.at_all"]}, "/types/0"),
        ({"types": None}, "/types"),
        ({"payload_filter": "["}, "/payload_filter"),
        ({"mapping": "nofunction(@)"}, "/mapping"),
        ({"url": "https://elsewhere.example"}, "/url"),
    ):
        refused = await outward.us.client.post(path, json=body)
        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert (await outward.them.client.post(path, json={})).status_code == 404


async def tried(outward: Outward, endpoint: Json, change: object, **query: str | int) -> Json:
    answered = await outward.us.client.post(f"{ENDPOINTS}/{endpoint['id']}/dry-run", json=change, params=query)
    assert answered.status_code == 200, answered.text
    found: Json = answered.json()
    return found
