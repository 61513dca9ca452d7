"""Making a decision: all get an outcome in one act, or nobody does; and what comes free goes down the reserve list."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking, gbp
from tests.grants.conftest import Acting
from tests.grants.decisions.people import RUBRIC, Making, Members, assigned, begun, closed_round, scored, voting

NO = {"reason": "There was not enough for all", "help_offered": "Ring us: we help with the next round"}


async def asked_for(grants: Caller, mode: str, budget: str, amounts: list[str]) -> tuple[str, list[str]]:
    """A closed round with an application for each of these amounts."""
    opened = await grants.open_round(budget, decision_mode=mode)
    asked = [str((await grants.post("/v1/applications", asking(opened, each)))["id"]) for each in amounts]
    await grants.post(f"/v1/rounds/{opened}/close")
    return opened, asked


async def states(grants: Caller, round_id: str) -> dict[str, str]:
    found = await grants.every("/v1/applications", round=round_id)
    return {each["id"]: each["state"] for each in found}


async def test_a_panel_gives_everybody_an_outcome_in_one_act(grants: Caller, members: Members) -> None:
    opened, (first, second, third) = await asked_for(grants, "panel", "2000.00", ["800.00", "900.00", "700.00"])
    decision = await begun(grants, opened)
    await meet(grants, decision, [new_id("person")])
    outcomes = [
        {"application": third, "outcome": "award", "amount": gbp("600.00")},
        {"application": first, "outcome": "reserve"},
        {"application": second, "outcome": "decline", "reason": "It is for another place"},
    ]
    made = await grants.post(f"/v1/decisions/{decision}/make", {"outcomes": outcomes, "help_offered": "Ring us"})
    assert [(each["application"], each["outcome"], each["amount"]) for each in made["candidates"]] == [
        (third, "award", gbp("600.00")), (first, "reserve", gbp("800.00")), (second, "decline", None)
    ]  # fmt: skip
    assert await states(grants, opened) == {first: "reserve", second: "declined", third: "awarded"}
    declined = await grants.get(f"/v1/applications/{second}")
    assert (declined["decline_reason"], declined["help_offered"]) == ("It is for another place", "Ring us")
    award = await grants.get(f"/v1/awards/{made['candidates'][0]['award']}")
    assert (award["application"], award["amount"], award["state"]) == (third, gbp("600.00"), "offered")
    told = [payload for kind, payload in await grants.published(decision) if kind == "decision.made"]
    assert told == [
        {"decision": decision, "round": opened, "awards": 1, "reserves": 1, "declined": 1,
         "amount_pence": 600_00, "currency": "GBP"}
    ]  # fmt: skip


async def meet(grants: Caller, decision: str, present: list[str], left: list[Json] | None = None) -> None:
    """Write a meeting of these people down."""
    body = {"held_on": "2026-06-03", "present": present, "left": left or [], "minute": "We read all of them aloud."}
    answered = await grants.client.put(f"/v1/decisions/{decision}/meeting", json=body)
    assert answered.status_code == 200, answered.text


async def test_what_forbids_one_offer_undoes_all_of_them(grants: Caller) -> None:
    opened, (first, second, third) = await asked_for(grants, "officer", "2000.00", ["900.00", "900.00", "900.00"])
    decision = await begun(grants, opened)
    outcomes = [{"application": each, "outcome": "award"} for each in (first, second, third)]
    status, problem = await grants.refused(f"/v1/decisions/{decision}/make", {"outcomes": outcomes})
    assert (status, problem["code"], problem["application"]) == (409, "over_budget", third)
    assert set((await states(grants, opened)).values()) == {"submitted"}
    assert (await grants.get(f"/v1/rounds/{opened}"))["committed"] == gbp("0.00")
    assert (await grants.get(f"/v1/decisions/{decision}"))["state"] == "begun"
    assert (await grants.get("/v1/awards"))["data"] == []


async def test_of_two_who_make_a_decision_at_once_one_does(grants: Caller) -> None:
    opened, _ = await asked_for(grants, "draw", "2000.00", ["500.00"] * 5)
    decision = await begun(grants, opened)
    await grants.post(f"/v1/decisions/{decision}/rank")
    path = f"/v1/decisions/{decision}/make"
    answers = await asyncio.gather(*(grants.client.post(path, json=NO) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert (await grants.get(f"/v1/rounds/{opened}"))["committed"] == gbp("2000.00")


@ON_ONE_DATABASE
async def test_the_money_goes_down_the_order_as_far_as_it_reaches(grants: Caller) -> None:
    opened, asked = await asked_for(grants, "draw", "1500.00", ["900.00"] * 3 + ["600.00"])
    decision = await begun(grants, opened)
    path = f"/v1/decisions/{decision}"
    assert (await grants.refused(f"{path}/proposal", method="GET"))[1]["code"] == "not_ranked"
    assert (await grants.refused(f"{path}/make", NO))[1]["code"] == "not_ranked"
    ranked = [each["application"] for each in (await grants.post(f"{path}/rank"))["candidates"]]
    proposed = (await grants.get(f"{path}/proposal", reserve=1))["data"]
    assert [each["application"] for each in proposed] == ranked
    large = [each for each in ranked if each != asked[3]]
    becomes = {each["application"]: each["outcome"] for each in proposed}
    expected = {asked[3]: "award", large[0]: "award", large[1]: "reserve", large[2]: "decline"}
    assert becomes == expected
    for lacking, pointer in [({}, "/reason"), ({"reason": "Full"}, "/help_offered")]:
        assert faults((await grants.refused(f"{path}/make", {"reserve": 1, **lacking}))[1]) == {pointer: "missing"}
    judged = {"outcomes": [{"application": asked[0], "outcome": "award"}]}
    assert faults((await grants.refused(f"{path}/make", judged))[1]) == {"/outcomes": "not_by_judgement"}
    made = await grants.post(f"{path}/make", {"reserve": 1, **NO})
    assert {each["application"]: each["outcome"] for each in made["candidates"]} == expected


@ON_ONE_DATABASE
async def test_nobody_is_awarded_whom_nobody_voted_for(grants: Caller, somebody: Making) -> None:
    opened, (first, second) = await closed_round(grants, "vote", 2)
    voter = somebody()
    decision = await voting(grants, opened, [voter])
    await voter.post("/v1/ballots", {"decision": decision, "dots": {second: 1}})
    await grants.post(f"/v1/decisions/{decision}/close-voting")
    made = await grants.post(f"/v1/decisions/{decision}/make", NO)
    assert {each["application"]: each["outcome"] for each in made["candidates"]} == {second: "award", first: "decline"}


@ON_ONE_DATABASE
async def test_every_candidate_is_given_one_outcome_within_the_rules(grants: Caller) -> None:
    opened, (first, second) = await asked_for(grants, "officer", "2000.00", ["500.00", "500.00"])
    decision = await begun(grants, opened)
    outcomes = [
        {"application": first, "outcome": "award", "amount": gbp("2500.01")},
        {"application": first, "outcome": "decline"},
        {"application": new_id("app"), "outcome": "reserve"},
    ]
    status, problem = await grants.refused(f"/v1/decisions/{decision}/make", {"outcomes": outcomes})
    assert (status, faults(problem)) == (
        422,
        {
            "/outcomes/0/amount/amount": "outside_limits",
            "/outcomes/1/application": "duplicate",
            "/outcomes/1/reason": "missing",
            "/outcomes/2/application": "unknown_application",
            "/outcomes": "undecided",
        },
    )
    await grants.post(f"/v1/applications/{second}/withdraw")
    body = {"outcomes": [{"application": first, "outcome": "award"}]}
    made = await grants.post(f"/v1/decisions/{decision}/make", body)
    assert [each["outcome"] for each in made["candidates"]] == ["award", None]


@ON_ONE_DATABASE
async def test_a_panel_decides_with_its_quorum_in_the_room_and_nobody_who_has_an_interest(
    grants: Caller, somebody: Making
) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC, quorum=2)
    anna, bo, cy = somebody(), somebody(), somebody()
    decision = await begun(grants, opened)
    path, body = f"/v1/decisions/{decision}/make", {"outcomes": [{"application": asked, "outcome": "award"}]}
    await scored(grants, opened, asked, anna, 5, 5)
    assert (await grants.refused(path, body))[1]["code"] == "no_quorum"
    await scored(grants, opened, asked, bo, 4, 4)
    assert (await grants.refused(path, body))[1]["code"] == "no_meeting"
    his = await assigned(grants, opened, asked, cy)
    await cy.post(f"/v1/reviews/{his}/declare", {"interest": "work"})
    people = [anna.person, bo.person, cy.person]
    await meet(grants, decision, people)
    assert (await grants.refused(path, body))[1]["code"] == "conflicted_in_the_room"
    out = [{"person": each.person, "application": asked} for each in (bo, cy)]
    await meet(grants, decision, people, out)
    assert (await grants.refused(path, body))[1]["code"] == "no_quorum"
    await meet(grants, decision, people, out[1:])
    assert (await grants.post(path, body))["state"] == "made"
    shown = await grants.get(f"/v1/decisions/{decision}/meeting")
    assert (sorted(shown["present"]), shown["left"]) == (sorted(people), out[1:])
    late = await grants.client.put(f"/v1/decisions/{decision}/meeting", json={**shown, "minute": "Rewritten"})
    assert late.json()["code"] == "illegal_transition"


@ON_ONE_DATABASE
async def test_a_meeting_names_who_sat_and_what_is_decided(grants: Caller, somebody: Making) -> None:
    opened, _ = await closed_round(grants, "panel", 1)
    decision, anna = await begun(grants, opened), somebody()
    left = [{"person": new_id("person"), "application": new_id("app")}]
    body = {"held_on": "2026-06-03", "present": [anna.person, anna.person], "left": left, "minute": "Short."}
    answered = await grants.client.put(f"/v1/decisions/{decision}/meeting", json=body)
    assert faults(answered.json()) == {
        "/present": "duplicate", "/left/0/person": "not_present", "/left/0/application": "unknown_application"
    }  # fmt: skip
    officer, _ = await closed_round(grants, "officer", 1)
    alone = f"/v1/decisions/{await begun(grants, officer)}/meeting"
    assert (await grants.client.put(alone, json=body)).json()["code"] == "not_a_panel"


@pytest.mark.parametrize("step", ["lapse", "refuse"])
async def test_an_offer_that_ends_goes_to_the_next_in_reserve_that_the_money_reaches_for(
    grants: Caller, step: str
) -> None:
    opened, (first, large, small, last) = await asked_for(
        grants, "officer", "700.00", ["700.00", "2000.00", "500.00", "600.00"]
    )
    decision = await begun(grants, opened)
    outcomes = [{"application": first, "outcome": "award"}]
    outcomes += [{"application": each, "outcome": "reserve"} for each in (large, small, last)]
    made = await grants.post(f"/v1/decisions/{decision}/make", {"outcomes": outcomes, "answer_days": 14})
    await grants.post(f"/v1/awards/{made['candidates'][0]['award']}/{step}")

    async def offered() -> list[Json]:
        return list((await grants.get("/v1/awards", round=opened, state="offered"))["data"])

    (award,) = await eventually(offered)
    assert (award["application"], award["amount"]) == (small, gbp("500.00"))
    assert award["answer_by"] > (clock.now() + timedelta(days=13)).isoformat()
    now = await states(grants, opened)
    assert [now[each] for each in (large, small, last)] == ["reserve", "awarded", "reserve"]
    offer = {"decision": decision, "application": small, "award": award["id"]}
    assert ("decision.reserve_offered", offer) in await grants.published(decision)


async def test_a_delegated_organisation_decides_and_its_backbone_does_not(
    app: FastAPI, grants: Caller, acting: Acting
) -> None:
    anchor, delegate = await acting()
    _, backbone = await acting()
    opened, (asked, waiting) = await asked_for(grants, "officer", "900.00", ["900.00", "500.00"])
    fund = (await grants.get(f"/v1/rounds/{opened}"))["fund"]
    today = clock.now().date().isoformat()
    await grants.post(
        "/v1/delegations",
        {"fund": fund, "to": anchor, "scopes": ["award", "administer"], "ceiling": gbp("900.00"), "starts_on": today},
    )
    for caller in (grants, backbone):
        status, problem = await caller.refused("/v1/decisions", {"round": opened})
        assert (status, problem["code"]) == (403, "not_delegated")
    decision = await begun(delegate, opened)
    outcomes = [{"application": asked, "outcome": "award"}, {"application": waiting, "outcome": "reserve"}]
    path, body = f"/v1/decisions/{decision}/make", {"outcomes": outcomes}
    assert (await grants.refused(path, body))[1]["code"] == "not_delegated"
    made = await delegate.post(path, body)
    await delegate.post(f"/v1/awards/{made['candidates'][0]['award']}/lapse")

    async def offered() -> bool:
        return (await states(grants, opened))[waiting] == "awarded"

    await eventually(offered)
