"""Whether a receiver has everything: gaps that it sees and fills by one call, and receipts that it checks."""

import hashlib
from datetime import timedelta

import pytest

from services.gateway.webhooks.completeness.domain import digest
from shared import clock
from shared.events.base import Event
from shared.events.grants.awards import AwardAccepted, AwardOffered
from shared.events.grants.funds import FundCreated
from shared.events.members.directory import MembershipJoined, PersonCreated, PersonUpdated
from tests.gateway.outward import Json, Outward
from tests.gateway.running import ON_ONE_DATABASE

ENDPOINTS = "/v1/webhook-endpoints"


def person(number: int, edits: int) -> list[Event]:
    who = f"person_{number}"
    return [PersonCreated(person=who), *[PersonUpdated(person=who, version=2 + edit) for edit in range(edits)]]


async def test_a_receiver_that_sees_a_gap_gets_all_of_it_by_one_call(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "person.*")
    await outward.publish(*person(1, 2))
    await outward.received("/hook", 3)
    await outward.us.change(endpoint, status="paused")
    await outward.publish(MembershipJoined(person="person_1", membership="m_1", brought_by=None), *person(2, 1))
    await outward.publish(*person(1, 3)[1:])
    await outward.fed(9)

    # It has sequence 3 of person_1, and the next body that arrives says: I am 7, and 6 came before me.
    missed = await outward.us.get(
        f"{ENDPOINTS}/{endpoint['id']}/events",
        source="/members", subject="person_1", after_sequence=3, before_sequence=7,
    )  # fmt: skip

    assert [(one["sequence"], one["previous_sequence"]) for one in missed["data"]] == [(5, 3), (6, 5)]
    assert missed["next_cursor"] is None
    await outward.us.change(endpoint, status="enabled")
    got = await outward.received("/hook", 8)
    by_id = {one.event["id"]: one.event for one in got}
    assert [by_id[one["id"]] for one in missed["data"]] == missed["data"]  # the very bodies that a webhook has


async def test_what_happened_while_an_endpoint_was_disabled_is_there_and_nothing_older_than_it(
    outward: Outward,
) -> None:
    await outward.publish(*person(1, 1))
    await outward.fed(2)
    outward.receiver.says("/hook", 410)
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "person.*")
    await outward.publish(*person(1, 1)[1:])
    await outward.settled(endpoint, "exhausted")
    await outward.publish(*person(1, 2)[1:])
    await outward.fed(6)  # the endpoint's own end is an event too

    everything = await outward.us.get(f"{ENDPOINTS}/{endpoint['id']}/events")

    assert [(one["sequence"], one["previous_sequence"]) for one in everything["data"]] == [(3, 2), (4, 3), (5, 4)]


@ON_ONE_DATABASE
async def test_what_was_missed_comes_in_pages_and_by_moments_too(outward: Outward) -> None:
    with clock.frozen(clock.now()) as time:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "fund.*")
        await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(3)])
        await outward.fed(3)
        time.advance(timedelta(minutes=1))
        since = clock.now().isoformat()
        await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(3, 8)])
        await outward.fed(8)
        path = f"{ENDPOINTS}/{endpoint['id']}/events"
        first = await outward.us.get(path, since=since, limit=3)
        second = await outward.us.get(path, since=since, limit=3, cursor=first["next_cursor"])
        before = await outward.us.get(path, until=since)

    assert [one["subject"] for one in first["data"] + second["data"]] == [f"fund_{number}" for number in range(3, 8)]
    assert second["next_cursor"] is None
    assert [one["subject"] for one in before["data"]] == ["fund_0", "fund_1", "fund_2"]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"subject": "person_1"}, "?source"),
        ({"source": "/members"}, "?subject"),
        ({"source": "/members", "subject": "p", "after_sequence": "-1"}, "?after_sequence"),
        ({"since": "yesterday"}, "?since"),
        ({"since": "2026-01-01T00:00:00"}, "?since"),
    ],
)
async def test_half_a_question_is_refused_by_name(outward: Outward, query: Json, pointer: str) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    answered = await outward.us.client.get(f"{ENDPOINTS}/{endpoint['id']}/events", params=query)

    assert answered.status_code == 422
    assert [fault["pointer"] for fault in answered.json()["errors"]] == [pointer]


async def test_a_receipt_has_the_count_and_digest_of_what_arrived_whatever_the_order(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "award.*")
    await outward.publish(
        AwardOffered(award="award_1", application="a", round="r", amount_pence=50_000, currency="GBP"),
        AwardAccepted(award="award_1"),
        FundCreated(fund="fund_1", currency="GBP"),
    )
    await outward.received("/hook", 2)
    (delivery, _) = await outward.settled(endpoint, "succeeded", 2)
    await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/deliveries/{delivery['id']}/resend")
    got = await outward.received("/hook", 3)
    await outward.nothing_pending(endpoint)

    (receipt,) = await _receipts(outward, endpoint)

    arrived = {one.event["id"] for one in got}
    total = sum(int(hashlib.sha256(event.encode()).hexdigest(), 16) for event in arrived)
    assert (receipt["count"], receipt["delivered"], receipt["waiting"], receipt["failed"]) == (2, 2, 0, 0)
    assert receipt["digest"] == format(total % 2**256, "064x") == digest(sorted(arrived, reverse=True))
    assert receipt["closed"] is False


async def test_a_receipt_says_what_still_waits_and_what_was_given_up(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "fund.*")
    outward.receiver.says("/hook", 200, 410)
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
    await outward.settled(endpoint, "succeeded")
    await outward.publish(FundCreated(fund="fund_2", currency="GBP"))
    await outward.settled(endpoint, "exhausted")

    (receipt,) = await _receipts(outward, endpoint)

    assert (receipt["count"], receipt["delivered"], receipt["waiting"], receipt["failed"]) == (2, 1, 0, 1)
    assert receipt["digest"] != digest(one.event["id"] for one in outward.receiver.got[:1])
    assert receipt["digest"] == digest(one.event["id"] for one in outward.receiver.got)


@ON_ONE_DATABASE
async def test_each_hour_has_a_receipt_of_its_own_that_closes_and_never_changes(outward: Outward) -> None:
    start = clock.now().replace(minute=30, second=0, microsecond=0)
    with clock.frozen(start) as time:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "fund.*")
        for number in range(3):
            await outward.publish(FundCreated(fund=f"fund_{number}", currency="GBP"))
            await outward.fed(number + 1)
            time.advance(timedelta(minutes=45))
        found = await _receipts(outward, endpoint, since=start.isoformat(), period="hour")

    assert [(one["count"], one["closed"]) for one in found] == [(1, True), (1, True), (1, False)]
    assert found[0]["since"] == start.replace(minute=0).isoformat().replace("+00:00", "Z")
    assert len({one["digest"] for one in found}) == 3


@ON_ONE_DATABASE
async def test_more_periods_than_one_answer_holds_are_refused(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    answered = await outward.us.client.get(
        f"{ENDPOINTS}/{endpoint['id']}/receipts", params={"since": "2020-01-01T00:00:00Z"}
    )

    assert answered.status_code == 422
    assert [fault["code"] for fault in answered.json()["errors"]] == ["too_many_periods"]


@ON_ONE_DATABASE
async def test_moments_at_the_ends_of_time_are_answered_and_what_is_to_come_has_no_receipt(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    path = f"{ENDPOINTS}/{endpoint['id']}"
    future = {"since": "9999-12-31T23:30:00-14:00", "period": "hour"}
    ages = {"since": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:30:00-14:00"}

    assert (await outward.us.get(f"{path}/receipts", **future))["data"] == []
    assert (await outward.us.client.get(f"{path}/receipts", params=ages)).status_code == 422
    assert (await outward.us.get(f"{path}/events", **ages))["data"] == []


@ON_ONE_DATABASE
async def test_nobody_else_sees_what_an_endpoint_was_to_be_sent(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    for path in ("events", "receipts?since=2026-01-01T00:00:00Z"):
        assert (await outward.them.client.get(f"{ENDPOINTS}/{endpoint['id']}/{path}")).status_code == 404


async def _receipts(outward: Outward, endpoint: Json, **query: str) -> list[Json]:
    asked = {"since": clock.now().isoformat()} | query
    found: list[Json] = (await outward.us.get(f"{ENDPOINTS}/{endpoint['id']}/receipts", **asked))["data"]
    return found
