"""The overview: totals that follow the events, live sections that may be missing, and reading one's own writes."""

import asyncio
import time
from itertools import pairwise
from typing import Any

import pytest

from services.gateway.overview.schemas import Overview
from shared.events.grants.applications import ApplicationEnded, ApplicationSubmitted
from shared.events.grants.awards import AwardAccepted, AwardEnded, AwardOffered
from shared.events.grants.rounds import RoundClosed, RoundOpened
from shared.events.measures.figures import ObservationRecorded
from shared.events.members.directory import MembershipJoined, PersonCreated
from shared.events.members.engagement import ActivityRecorded, MembershipRungChanged
from shared.events.members.pledges import PledgeMade
from shared.ids import new_id
from tests.gateway.log import Log
from tests.gateway.running import Caller, Gateway, Json


@pytest.fixture
def log(gateway: Gateway) -> Log:
    """The log that the gateway reads."""
    return Log(gateway.parts.bus)


async def movement_of(caller: Caller) -> str:
    """The id of the caller's movement."""
    identifier: str = (await caller.get("/v1/me")).json()["movement"]["id"]
    return identifier


async def sections(caller: Caller, *positions: str) -> dict[str, Any]:
    """The overview's sections, once its totals hold these positions."""
    answer = await caller.get("/v1/overview", headers={"Backbone-Wait-For": ",".join(positions)} if positions else {})
    assert answer.status_code == 200, answer.text
    assert answer.headers.get("backbone-wait") == ("met" if positions else None)
    Overview.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()["sections"]
    return found


def climb(person: str, *rungs: str) -> list[MembershipRungChanged]:
    """A person's way up."""
    return [
        MembershipRungChanged(person=person, membership="membership_1", from_rung=lower, to_rung=higher, policy="p")
        for lower, higher in pairwise(rungs)
    ]


def offer(pence: int, currency: str = "GBP") -> AwardOffered:
    """An award that was offered."""
    return AwardOffered(award=new_id("award"), application="a", round="r", amount_pence=pence, currency=currency)


async def test_the_totals_follow_the_events_of_every_service(gateway: Gateway, log: Log) -> None:
    one, two = new_id("person"), new_id("person")
    offered, lapsed, closed = offer(50_000), offer(70_000), RoundClosed(round="round_2")
    positions = await log.publish(
        await movement_of(gateway.platform),
        PersonCreated(person=one),
        MembershipJoined(person=one, membership="m1", brought_by=None),
        PersonCreated(person=two),
        MembershipJoined(person=two, membership="m2", brought_by=one),
        PledgeMade(person=two, pledge="pledge_1", campaign=None),
        ActivityRecorded(person=one, activity="activity_1", kind="walk"),
        *climb(one, "observer", "follower", "active_participant"),
        ObservationRecorded(version="v1", observation="obs_1", place="E07000080", period="2023"),
        RoundOpened(round="round_1", fund="f", budget_pence=100, currency="GBP"),
        RoundOpened(round="round_2", fund="f", budget_pence=100, currency="GBP"),
        closed,
        ApplicationSubmitted(application="app_1", round="round_1", amount_pence=1, currency="GBP"),
        ApplicationSubmitted(application="app_2", round="round_1", amount_pence=1, currency="GBP"),
        ApplicationEnded(application="app_2", outcome="withdrawn"),
        offered,
        lapsed,
        AwardEnded(award=lapsed.award, outcome="lapsed", amount_pence=70_000, currency="GBP"),
        offer(2_500_00),
        offer(1_000, "JPY"),
        AwardAccepted(award=offered.award),
    )
    totals = (await sections(gateway.platform, *last_of_each(positions)[-8:]))["totals"]
    assert (totals["status"], totals["source"], totals["stale"]) == ("ok", "projection", False)
    assert totals["content"] == {
        "people": 2,
        "memberships": 2,
        "rungs": {"follower": 0, "active_participant": 1},
        "pledges": 1,
        "activities": 1,
        "figures": 1,
        "rounds_open": 1,
        "applications": 2,
        "applications_ended": 1,
        "awards_offered": 3,
        "awards_accepted": 1,
        "offered": [{"currency": "GBP", "amount": "3000.00"}, {"currency": "JPY", "amount": "1000"}],
    }


def last_of_each(positions: list[str]) -> list[str]:
    """The last position of each subject, in the order of their first."""
    last: dict[str, str] = {}
    for position in positions:
        last[position.partition("@")[0]] = position
    return list(last.values())


async def test_a_movement_with_no_events_has_totals_of_nothing(gateway: Gateway) -> None:
    totals = (await sections(gateway.platform))["totals"]
    assert (totals["as_of"], totals["content"]["people"], totals["content"]["offered"]) == (None, 0, [])


async def test_another_movements_events_are_not_counted(gateway: Gateway, log: Log) -> None:
    there = await gateway.other_movement()
    here = gateway.platform.carrying(backbone_movement="we-can-move")
    mine = await log.publish(await movement_of(here), PersonCreated(person=new_id("person")))
    theirs = await log.publish(await movement_of(there), *(PersonCreated(person=new_id("person")) for _ in range(3)))
    assert (await sections(here, *mine))["totals"]["content"]["people"] == 1
    assert (await sections(there, *theirs))["totals"]["content"]["people"] == 3


async def test_live_sections_are_what_the_services_answer_asked_at_the_same_time(gateway: Gateway) -> None:
    for service, body in (("members", b'{"rungs":[]}'), ("measures", b'{"data":[]}'), ("grants", b'{"data":[1]}')):
        gateway.standins[service].body = body
    found = await sections(gateway.platform)
    assert found["members"]["content"] == {"rungs": []}
    assert found["grants"]["content"] == {"data": [1]}
    for service in ("members", "measures", "grants"):
        section = found[service]
        assert (section["status"], section["source"], section["stale"]) == ("ok", service, False)
        assert section["as_of"] is not None
    assert [gateway.standins[service].asked[-1].path for service in ("members", "measures", "grants")] == [
        "/v1/ladder",
        "/v1/measures",
        "/v1/rounds",
    ]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, b"oh", "grants answered 500"),
        (403, b"{}", "this credential may not read it"),
        (200, b"not json", "grants answered something else than JSON"),
    ],
)
async def test_a_section_that_is_missing_says_why_and_the_others_are_there(
    gateway: Gateway, status: int, body: bytes, reason: str
) -> None:
    gateway.standins["grants"].status, gateway.standins["grants"].body = status, body
    found = await sections(gateway.platform)
    assert found["grants"] == {
        "status": "unavailable",
        "source": "grants",
        "as_of": None,
        "stale": False,
        "reason": reason,
        "content": None,
    }
    assert [found[name]["status"] for name in ("totals", "members", "measures")] == ["ok"] * 3


async def test_a_service_that_hangs_is_left_out_in_time(gateway: Gateway) -> None:
    gateway.standins["measures"].hangs = True
    began = time.monotonic()
    found = await sections(gateway.platform)
    assert time.monotonic() - began < 6
    assert [found[name]["status"] for name in ("members", "measures", "grants")] == ["ok", "timed_out", "ok"]


async def test_a_required_section_that_is_missing_is_a_503_that_names_it(gateway: Gateway) -> None:
    gateway.standins["measures"].status = 500
    answer = await gateway.platform.get("/v1/overview?require=members,measures")
    assert (answer.status_code, answer.json()["code"]) == (503, "section_missing")
    assert "measures answered 500" in answer.json()["detail"]
    assert (await gateway.platform.get("/v1/overview?require=members,grants")).status_code == 200
    answer = await gateway.platform.get("/v1/overview?require=members,moon")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?require")


async def test_it_takes_the_scope_of_the_overview(gateway: Gateway) -> None:
    assert (await (await gateway.key("people:read")).get("/v1/overview")).status_code == 403
    assert (await (await gateway.key("overview:read")).get("/v1/overview")).status_code == 200


async def test_a_position_that_has_not_come_yet_is_waited_for_and_then_met(gateway: Gateway, log: Log) -> None:
    person = new_id("person")
    waiting = asyncio.create_task(sections(gateway.platform, f"members/{person}@2"))
    movement = await movement_of(gateway.platform)
    await log.publish(movement, PersonCreated(person=person), PledgeMade(person=person, pledge="p", campaign=None))
    assert (await waiting)["totals"]["content"]["pledges"] == 1


async def test_a_position_that_never_comes_is_answered_after_two_seconds_at_most(gateway: Gateway) -> None:
    began = time.monotonic()
    answer = await wait_for(gateway.platform, f"members/{new_id('person')}@1")
    assert (answer, 1.5 < time.monotonic() - began < 5) == ("timed_out", True)


async def test_another_movements_position_looks_like_one_that_never_comes(gateway: Gateway, log: Log) -> None:
    there = await gateway.other_movement()
    here = gateway.platform.carrying(backbone_movement="we-can-move")
    positions = await log.publish(await movement_of(there), PersonCreated(person=new_id("person")))
    assert await wait_for(there, *positions) == "met"
    assert await wait_for(here, *positions) == "timed_out"


async def test_a_position_behind_a_poisoned_event_is_parked_and_the_totals_are_stale(
    gateway: Gateway, log: Log
) -> None:
    poisoned = PersonCreated(person=new_id("person"))
    movement = await movement_of(gateway.platform)
    log.sequences[poisoned.person] += 1  # the first event never comes: a gap
    positions = await log.publish(movement, poisoned)
    fine = await log.publish(movement, PersonCreated(person=new_id("person")))
    found = (await sections(gateway.platform, *fine))["totals"]
    assert await wait_for(gateway.platform, *positions) == "parked"
    assert (found["stale"], found["content"]["people"]) == (True, 1)


async def wait_for(caller: Caller, *positions: str) -> str:
    """What came of waiting for positions."""
    answer = await caller.get("/v1/overview", headers={"Backbone-Wait-For": ", ".join(positions)})
    assert answer.status_code == 200, answer.text
    outcome: str = answer.headers["backbone-wait"]
    return outcome


@pytest.mark.parametrize(
    "header", ["members", "members/x", "members/x@", "members/x@-1", "members/x@1.5", "/x@1", "x@1", ",", "a/b@1," * 9]
)
async def test_what_is_no_position_is_refused(gateway: Gateway, header: str) -> None:
    answer = await gateway.platform.get("/v1/overview", headers={"Backbone-Wait-For": header})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_position")


async def test_at_most_fifty_reads_of_one_credential_wait_at_once(gateway: Gateway) -> None:
    never = f"members/{new_id('person')}@1"
    answers = await asyncio.gather(
        *(gateway.platform.get("/v1/overview", headers={"Backbone-Wait-For": never}) for _ in range(52))
    )
    told = [answer.status_code for answer in answers]
    assert (told.count(200), told.count(429)) == (50, 2)
    problem: Json = next(answer.json() for answer in answers if answer.status_code == 429)
    assert problem["code"] == "too_many_waiters"
    assert (await gateway.platform.get("/v1/overview")).status_code == 200
