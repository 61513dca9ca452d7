"""Rounds: drafted, opened on the fund's cleared money, and brought to its end step by step."""

import asyncio

import pytest

from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import BECAUSE, NO, Caller, gbp


async def available(grants: Caller, fund: str) -> str:
    return str((await grants.get(f"/v1/funds/{fund}"))["available"]["amount"])


async def test_a_round_is_drafted_for_awards_of_500_to_2500_pounds(grants: Caller) -> None:
    drafted = await grants.draft(fund := await grants.fund("20000.00"), "20000.00")
    shown = await grants.get(f"/v1/rounds/{drafted}")
    assert (shown["state"], shown["fund"]) == ("draft", fund)
    assert (shown["minimum"], shown["maximum"]) == (gbp("500.00"), gbp("2500.00"))
    assert (shown["budget"], shown["committed"], shown["remaining"]) == (gbp("20000.00"), gbp("0.00"), gbp("0.00"))
    assert await available(grants, fund) == "20000.00"


async def test_opening_reserves_the_budget(grants: Caller) -> None:
    drafted = await grants.draft(fund := await grants.fund("20000.00"), "15000.00")
    opened = await grants.post(f"/v1/rounds/{drafted}/open")
    assert (opened["state"], opened["remaining"]) == ("open", gbp("15000.00"))
    assert await available(grants, fund) == "5000.00"


async def test_a_round_does_not_open_on_money_that_another_holds(grants: Caller) -> None:
    fund = await grants.fund("20000.00")
    await grants.post(f"/v1/rounds/{await grants.draft(fund, '15000.00')}/open")
    second = await grants.draft(fund, "5000.01")
    status, problem = await grants.refused(f"/v1/rounds/{second}/open")
    assert (status, problem["code"]) == (409, "over_fund")
    assert (await grants.get(f"/v1/rounds/{second}"))["state"] == "draft"
    assert await available(grants, fund) == "5000.00"


async def test_rounds_racing_for_a_fund_never_hold_more_than_cleared(grants: Caller) -> None:
    fund = await grants.fund("20000.00")
    drafts = [await grants.draft(fund, "5000.00") for _ in range(8)]
    answers = await asyncio.gather(*(grants.client.post(f"/v1/rounds/{drafted}/open") for drafted in drafts))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"over_fund"}
    assert await available(grants, fund) == "0.00"


async def test_one_round_opened_by_many_at_once_reserves_once(grants: Caller) -> None:
    drafted = await grants.draft(fund := await grants.fund("20000.00"), "5000.00")
    answers = await asyncio.gather(*(grants.client.post(f"/v1/rounds/{drafted}/open") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert await available(grants, fund) == "15000.00"


async def test_a_round_goes_from_draft_to_complete_and_then_gives_back_what_it_did_not_award(grants: Caller) -> None:
    drafted = await grants.draft(fund := await grants.fund("20000.00"), "20000.00")
    stood = []
    for step in ("publish", "open", "close", "assess", "decide", "complete"):
        moved = await grants.post(f"/v1/rounds/{drafted}/{step}")
        stood.append((moved["state"], moved["remaining"]["amount"], await available(grants, fund)))
        if step == "open":
            await grants.award(await grants.application(drafted))
    assert stood == [
        ("published", "0.00", "20000.00"),
        ("open", "20000.00", "0.00"),
        ("closed", "19500.00", "0.00"),
        ("assessing", "19500.00", "0.00"),
        ("decided", "19500.00", "0.00"),
        ("complete", "0.00", "19500.00"),
    ]


async def test_a_round_awards_until_it_is_complete(grants: Caller) -> None:
    opened = await grants.open_round("5000.00")
    asked = [await grants.application(opened) for _ in range(4)]
    for step in ("close", "assess"):
        await grants.post(f"/v1/rounds/{opened}/{step}")
        await grants.award(asked.pop())
    status, problem = await grants.refused(f"/v1/rounds/{opened}/decide")
    assert (status, problem["code"], problem["applications"]) == (409, "applications_unanswered", 2)
    lapsing = [await grants.award(asked.pop()) for _ in range(2)]
    await grants.post(f"/v1/rounds/{opened}/decide")
    for award in lapsing:
        await grants.post(f"/v1/awards/{award}/lapse")
    assert (await grants.refused(f"/v1/rounds/{opened}/complete"))[1]["applications"] == 2
    await grants.post(f"/v1/rounds/{opened}/complete", NO)
    declined = (await grants.get("/v1/applications", round=opened, state="declined"))["data"]
    assert [each["help_offered"] for each in declined] == [NO["help"]] * 2
    offer = {"application": declined[0]["id"], "amount": gbp("500.00")}
    assert (await grants.refused("/v1/awards", offer))[0] == 409


@pytest.mark.parametrize("mode", ["panel", "vote", "draw"])
async def test_only_an_officer_awards_while_applications_may_still_come(grants: Caller, mode: str) -> None:
    opened = await grants.open_round(decision_mode=mode)
    offer = {"application": await grants.application(opened), "amount": gbp("500.00")}
    status, problem = await grants.refused("/v1/awards", offer)
    assert (status, problem["code"]) == (409, "round_still_open")
    await grants.post(f"/v1/rounds/{opened}/close")
    assert (await grants.refused("/v1/awards", offer))[1]["code"] == "decided_together"


@ON_ONE_DATABASE
async def test_a_round_keeps_the_rules_that_it_was_drafted_with(grants: Caller) -> None:
    rules: Json = {
        "decision_mode": "panel",
        "tie_rule": "draw",
        "priority_places": ["E07000080", "E07000078"],
        "rubric": [{"key": "reach", "question": "Who would come?", "most": 5, "weight": 2}],
        "quorum": 2,
        "eligibility": {"places": ["E07000080"], "kinds": ["unconstituted"], "themes": ["food"]},
    }
    drafted = await grants.draft(await grants.fund(), **rules)
    shown = await grants.get(f"/v1/rounds/{drafted}")
    assert {name: shown[name] for name in rules} == rules


@ON_ONE_DATABASE
async def test_the_rules_of_a_published_round_change_until_it_opens(grants: Caller) -> None:
    drafted = await grants.draft(await grants.fund())
    await grants.post(f"/v1/rounds/{drafted}/publish")
    scored = {"rubric": [{"key": "reach", "question": "Who would come?", "most": 4, "weight": 1}], "quorum": 3}
    changed = await grants.client.patch(f"/v1/rounds/{drafted}", json=scored, headers={"If-Match": "*"})
    assert {name: changed.json()[name] for name in scored} == scored
    await grants.post(f"/v1/rounds/{drafted}/open")
    answered = await grants.client.patch(f"/v1/rounds/{drafted}", json={"quorum": 1}, headers={"If-Match": "*"})
    assert (answered.status_code, answered.json()["code"]) == (409, "round_frozen")


async def test_cancelling_gives_everything_back(grants: Caller) -> None:
    path = f"/v1/rounds/{await grants.open_round('20000.00')}/cancel"
    assert faults((await grants.refused(path))[1]) == {"/reason": "missing"}
    cancelled = await grants.post(path, BECAUSE)
    assert (cancelled["state"], cancelled["cancelled_because"]) == ("cancelled", BECAUSE["reason"])
    assert await available(grants, cancelled["fund"]) == "20000.00"

    drafted = await grants.draft(cancelled["fund"])
    assert (await grants.post(f"/v1/rounds/{drafted}/cancel"))["state"] == "cancelled"
    assert await available(grants, cancelled["fund"]) == "20000.00"


async def test_a_round_with_a_live_award_is_not_cancelled(grants: Caller) -> None:
    opened = await grants.open_round()
    await grants.award(await grants.application(opened))
    status, problem = await grants.refused(f"/v1/rounds/{opened}/cancel", BECAUSE)
    assert (status, problem["code"]) == (409, "round_has_awards")
    assert (await grants.get(f"/v1/rounds/{opened}"))["state"] == "open"


async def test_a_complete_round_stays_complete(grants: Caller) -> None:
    opened = await grants.open_round()
    await grants.complete(opened)
    for step in ("publish", "open", "close", "assess", "decide", "complete", "cancel"):
        status, problem = await grants.refused(f"/v1/rounds/{opened}/{step}")
        assert (status, problem["code"], problem["state"]) == (409, "illegal_transition", "complete")


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"minimum": gbp("600.00"), "maximum": gbp("599.99")}, [("/maximum/amount", "less_than_minimum")]),
        ({"budget": gbp("499.99")}, [("/budget/amount", "less_than_minimum")]),
        ({"minimum": gbp("0.00")}, [("/minimum/amount", "not_positive")]),
        ({"budget": {"amount": "9000.00", "currency": "EUR"}}, [("/budget/currency", "wrong_currency")]),
        ({"budget": gbp("9000.005")}, [("/budget/amount", "too_many_decimals")]),
        ({"budget": 9000}, [("/budget", "model_attributes_type")]),
        (
            {"opens_at": "2026-05-01T12:00:00+01:00", "closes_at": "2026-05-01T11:00:00Z"},
            [("/closes_at", "before_opening")],
        ),
        ({"closes_at": "2026-05-01T12:00:00"}, [("/closes_at", "timezone_aware")]),
        ({"tittle": "Seeds"}, [("/tittle", "extra_forbidden")]),
        ({"eligibility": {"rungs": ["champion"]}}, [("/eligibility/rungs", "extra_forbidden")]),
        ({"form_version": new_id("formver")}, [("/form_version", "unknown_form_version")]),
        ({"decision_mode": "whoever shouts"}, [("/decision_mode", "enum")]),
        (
            {"rubric": [{"key": "reach", "question": "Who?"}, {"key": "reach", "question": "Why?"}]},
            [("/rubric/1/key", "not_unique")],
        ),
    ],
)
async def test_faulty_rules_are_named(grants: Caller, changed: Json, faults: list[tuple[str, str]]) -> None:
    body = {"fund": await grants.fund(), "title": "Seeds", "budget": gbp("20000.00")}
    status, problem = await grants.refused("/v1/rounds", {**body, **changed})
    assert status == 422
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == faults


async def test_every_fault_of_a_round_is_named_at_once(grants: Caller) -> None:
    body = {"fund": await grants.fund("9000.00", "EUR"), "title": "Seeds", "budget": gbp("20000.00")}
    _, problem = await grants.refused("/v1/rounds", body)
    assert {fault["pointer"] for fault in problem["errors"]} == {
        "/minimum/currency",
        "/maximum/currency",
        "/budget/currency",
    }


async def test_instants_are_answered_in_utc(grants: Caller) -> None:
    times = {"opens_at": "2026-05-01T12:00:00+01:00", "closes_at": "2026-06-01T12:00:00+01:00"}
    drafted = await grants.draft(await grants.fund(), **times)
    shown = await grants.get(f"/v1/rounds/{drafted}")
    assert (shown["opens_at"], shown["closes_at"]) == ("2026-05-01T11:00:00Z", "2026-06-01T11:00:00Z")


async def test_rounds_are_listed_by_fund_and_state(grants: Caller) -> None:
    fund = await grants.fund()
    drafted, opened = await grants.draft(fund), await grants.open_round()
    listed = [
        [row["id"] for row in (await grants.get("/v1/rounds", **by))["data"]]
        for by in ({}, {"fund": fund}, {"state": "open"}, {"fund": fund, "state": "open"})
    ]
    assert listed == [[drafted, opened], [drafted], [opened], []]


async def test_a_round_of_no_fund_is_not_found(grants: Caller) -> None:
    body = {"fund": new_id("fund"), "title": "Seeds", "budget": gbp("20000.00")}
    status, problem = await grants.refused("/v1/rounds", body)
    assert (status, problem["code"], problem["errors"][0]["pointer"]) == (404, "not_found", "/fund")
    for step in ("publish", "open", "close", "assess", "decide", "complete", "cancel"):
        assert (await grants.refused(f"/v1/rounds/{new_id('round')}/{step}"))[0] == 404
