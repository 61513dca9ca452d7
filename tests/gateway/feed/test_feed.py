"""The feed: every event of a movement, in one order, once, for whoever keeps a cursor."""

import asyncio
import threading

import msgspec
import pytest

from services.gateway.feed import api, domain
from shared import clock
from shared.db import Session
from shared.events.base import Received
from shared.events.grants.awards import AwardAccepted, AwardOffered
from shared.events.grants.funds import FundCreated
from shared.events.measures.definitions import MeasureCreated
from shared.events.members.directory import MembershipJoined, PersonCreated
from shared.events.members.pledges import PledgeMade
from shared.ids import new_id
from shared.testing.eventually import eventually
from tests.gateway.outward import Caller, Json, Outward

EVENTS = "/v1/events"


def funds(first: int, last: int) -> list[FundCreated]:
    return [FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(first, last + 1)]


def subjects(page: Json) -> list[str]:
    return [event["subject"] for event in page["data"]]


async def test_every_service_s_events_are_in_it_as_cloud_events(outward: Outward) -> None:
    await outward.publish(PersonCreated(person="person_1"))
    await outward.publish(MeasureCreated(measure="measure_1"), *funds(1, 1))
    endpoint = await outward.us.endpoint("https://crm.invalid/", "award.*")
    await outward.us.post(f"/v1/webhook-endpoints/{endpoint['id']}/test")
    await outward.fed(4)

    page = await outward.us.get(EVENTS)

    assert {event["type"] for event in page["data"]} == {
        "person.created", "measure.created", "fund.created", "webhook_endpoint.tested",
    }  # fmt: skip
    fund = next(event for event in page["data"] if event["type"] == "fund.created")
    assert fund["specversion"] == "1.0"
    assert (fund["source"], fund["subject"], fund["actor"]) == ("/grants", "fund_1", "key_of_somebody")
    assert (fund["sequence"], fund["previous_sequence"]) == (1, None)
    assert fund["data"] == {"fund": "fund_1", "currency": "GBP"}


async def test_a_poller_goes_on_from_its_cursor_and_meets_each_event_once(outward: Outward) -> None:
    await outward.publish(*funds(1, 7))
    await outward.fed(7)

    met, page = [], await outward.us.get(EVENTS, limit=3)
    while page["data"]:
        met += subjects(page)
        page = await outward.us.get(EVENTS, limit=3, cursor=page["next_cursor"])
    await outward.publish(*funds(8, 8))
    await outward.fed(8)
    later = await outward.us.get(EVENTS, limit=3, cursor=page["next_cursor"])

    assert sorted(met) == [f"fund_{number}" for number in range(1, 8)]
    assert subjects(later) == ["fund_8"]


async def test_has_more_says_whether_to_come_back_at_once(outward: Outward) -> None:
    await outward.publish(*funds(1, 2))
    await outward.fed(2)

    assert (await outward.us.get(EVENTS, limit=1))["has_more"]
    assert not (await outward.us.get(EVENTS, limit=2))["has_more"]


async def test_a_filter_keeps_its_place_where_nothing_matches(
    outward: Outward, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outward.publish(*funds(1, 9))
    await outward.fed(9)
    await outward.publish(PersonCreated(person="person_1"))
    await outward.fed(10)
    monkeypatch.setattr(domain, "WINDOW", 4)

    pages = [await outward.us.get(EVENTS, types="person.*")]
    while pages[-1]["has_more"] and len(pages) < 10:
        pages.append(await outward.us.get(EVENTS, types="person.*", cursor=pages[-1]["next_cursor"]))

    assert [subjects(page) for page in pages] == [[], [], ["person_1"]]
    assert (await outward.us.get(EVENTS, types="person.*", cursor=pages[-1]["next_cursor"]))["data"] == []


async def test_previous_sequence_is_that_of_the_same_key_and_the_same_filter(outward: Outward) -> None:
    await outward.publish(
        PersonCreated(person="person_1"),
        MembershipJoined(person="person_1", membership="m_1", brought_by=None),
        PersonCreated(person="person_2"),
        PledgeMade(person="person_1", pledge="pledge_1", campaign=None),
        MembershipJoined(person="person_1", membership="m_1", brought_by=None),
    )
    await outward.fed(5)

    everything = await outward.us.get(EVENTS)
    some = await outward.us.get(EVENTS, types="person.created,membership.*")
    last = await outward.us.get(EVENTS, types="membership.joined", limit=1)
    after = await outward.us.get(EVENTS, types="membership.joined", cursor=last["next_cursor"])

    assert _steps(everything, "person_1") == [(1, None), (2, 1), (3, 2), (4, 3)]
    assert _steps(some, "person_1") == [(1, None), (2, 1), (4, 2)]
    assert _steps(after, "person_1") == [(4, 2)]  # also where the one before was on another page


async def test_an_event_of_another_key_or_service_is_no_previous_one(outward: Outward) -> None:
    await outward.publish(
        AwardOffered(award="award_1", application="a", round="r", amount_pence=50_000, currency="GBP"),
        AwardAccepted(award="award_2"),
    )
    await outward.fed(2)

    assert _steps(await outward.us.get(EVENTS, types="award.*"), "award_2") == [(1, None)]


async def test_positions_have_no_gap_and_tell_the_order_of_commits(outward: Outward) -> None:
    await asyncio.gather(*[outward.publish(*funds(10 * block, 10 * block + 9)) for block in range(6)])
    await outward.fed(60)

    positions = await outward.parts.db.read(
        lambda session: (
            session.connection().exec_driver_sql("SELECT position FROM feed_item ORDER BY 1").scalars().all()
        )
    )

    assert list(positions) == list(range(1, 61))


async def test_an_event_that_is_committed_later_stands_later_whoever_began_first(outward: Outward) -> None:
    db, movement = outward.parts.db, outward.us.movement
    began, release = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        domain.publish(session, movement, [_received(movement, "fund_slow")])
        began.set()
        release.wait(10)

    first = asyncio.create_task(db.write(slow))
    await eventually(began.is_set)
    second = asyncio.create_task(db.write(domain.publish, movement, [_received(movement, "fund_quick")]))
    done, _ = await asyncio.wait([second], timeout=0.2)
    release.set()
    await asyncio.gather(first, second)

    assert not done  # it had to wait for the head
    assert subjects(await outward.us.get(EVENTS)) == ["fund_slow", "fund_quick"]


async def test_an_event_that_comes_twice_is_in_it_once(outward: Outward) -> None:
    await outward.publish(*funds(1, 1))
    outward.sequences.clear()  # the same number again, as a relay sends it that did not see its own success
    await outward.publish(*funds(1, 2))
    await outward.fed(2)

    assert sorted(subjects(await outward.us.get(EVENTS))) == ["fund_1", "fund_2"]


async def test_a_movement_sees_only_its_own_events(outward: Outward) -> None:
    await outward.publish(*funds(1, 2))
    await outward.publish(*funds(3, 3), movement=outward.them.movement)
    await outward.fed(2)
    await eventually(lambda: _any(outward.them))

    assert sorted(subjects(await outward.us.get(EVENTS))) == ["fund_1", "fund_2"]
    assert subjects(await outward.them.get(EVENTS)) == ["fund_3"]


async def test_a_cursor_of_another_movement_or_an_altered_one_is_refused(outward: Outward) -> None:
    cursor = (await outward.us.get(EVENTS))["next_cursor"]
    of_another_list = (await outward.us.client.get(EVENTS, params={"cursor": cursor[:-2]})).status_code

    answered = await outward.them.client.get(EVENTS, params={"cursor": cursor})

    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_cursor")
    assert of_another_list == 400
    for bad in ("", "nonsense", "ÿ", cursor + "A", cursor.swapcase()):
        assert (await outward.us.client.get(EVENTS, params={"cursor": bad})).status_code == 400


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"types": "award.offered,no such"}, "?types/1"),
        ({"types": "award.opened"}, "?types/0"),
        ({"types": ""}, "?types/0"),
        ({"limit": "0"}, "?limit"),
        ({"limit": "201"}, "?limit"),
        ({"limit": "many"}, "?limit"),
        ({"wait": "21"}, "?wait"),
        ({"wait": "-1"}, "?wait"),
    ],
)
async def test_a_wrong_parameter_is_named(outward: Outward, parameters: dict[str, str], pointer: str) -> None:
    answered = await outward.us.client.get(EVENTS, params=parameters)

    assert answered.status_code == 422
    assert [fault["pointer"] for fault in answered.json()["errors"]] == [pointer]


async def test_who_waits_is_answered_as_soon_as_an_event_is_committed(
    outward: Outward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_LOOK_AGAIN_SECONDS", 60)  # the commit alone wakes them
    before = await outward.us.get(EVENTS)
    waiting = asyncio.create_task(outward.us.get(EVENTS, wait=8, cursor=before["next_cursor"]))
    await outward.publish(*funds(1, 1))

    async with asyncio.timeout(5):
        page = await waiting

    assert subjects(page) == ["fund_1"]


async def test_who_waits_in_vain_gets_an_empty_page_and_a_cursor(outward: Outward) -> None:
    page = await outward.us.get(EVENTS, wait=1)

    assert page["data"] == []
    assert page["next_cursor"]


def _received(movement: str, fund: str) -> Received:
    payload = msgspec.json.encode({"fund": fund, "currency": "GBP"})
    return Received(
        new_id("evt"), "fund.created", "grants", fund, 1, movement, "key_1", None, None, None, clock.now(), payload
    )  # fmt: skip


async def _any(caller: Caller) -> bool:
    return bool((await caller.get(EVENTS))["data"])


def _steps(page: Json, subject: str) -> list[tuple[int, int | None]]:
    return [(event["sequence"], event["previous_sequence"]) for event in page["data"] if event["subject"] == subject]
