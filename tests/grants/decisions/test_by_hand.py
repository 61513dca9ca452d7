"""A round that a panel, a vote or a draw decides: nobody gives one application its outcome before, or by picking it."""

import pytest

from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import NO, Caller, gbp
from tests.grants.decisions.people import begun, closed_round

pytestmark = ON_ONE_DATABASE
YES = {"amount": gbp("500.00")}


@pytest.mark.parametrize("mode", ["panel", "vote", "draw"])
async def test_money_and_a_no_come_by_the_decision_alone(grants: Caller, mode: str) -> None:
    opened, (first, second) = await closed_round(grants, mode, 2)
    await grants.post(f"/v1/rounds/{opened}/assess")
    status, problem = await grants.refused("/v1/awards", {"application": first, **YES})
    assert (status, problem["code"], problem["mode"]) == (409, "decided_together", mode)
    status, problem = await grants.refused(f"/v1/applications/{second}/decline", NO)
    assert (status, problem["code"]) == (409, "decided_together")
    assert (await grants.get(f"/v1/rounds/{opened}"))["committed"] == gbp("0.00")
    assert await grants.every("/v1/awards") == []


@pytest.mark.parametrize("mode", ["vote", "draw"])
async def test_votes_and_lots_are_between_all_applications(grants: Caller, mode: str) -> None:
    opened, (first, _) = await closed_round(grants, mode, 2)
    voting: Json = {"voting": {}} if mode == "vote" else {}
    status, problem = await grants.refused("/v1/decisions", {"round": opened, "applications": [first], **voting})
    assert (status, faults(problem)) == (422, {"/applications": "between_all"})


async def test_after_the_decision_whom_it_gave_money_may_be_offered_it_again_or_told_no(grants: Caller) -> None:
    opened, _ = await closed_round(grants, "draw", 2, budget="500.00")
    decision = await begun(grants, opened)
    await grants.post(f"/v1/decisions/{decision}/rank")
    made = await grants.post(
        f"/v1/decisions/{decision}/make", {"reserve": 0, "reason": NO["reason"], "help_offered": NO["help"]}
    )
    (drawn,) = [each for each in made["candidates"] if each["outcome"] == "award"]
    await grants.post(f"/v1/awards/{drawn['award']}/refuse")
    again = await grants.post("/v1/awards", {"application": drawn["application"], **YES})
    assert again["state"] == "offered"
    await grants.post(f"/v1/awards/{again['id']}/refuse")
    declined = await grants.post(f"/v1/applications/{drawn['application']}/decline", NO)
    assert declined["state"] == "declined"


async def test_an_officer_decides_one_by_one(grants: Caller) -> None:
    _, (first, second) = await closed_round(grants, "officer", 2)
    await grants.award(first)
    assert (await grants.post(f"/v1/applications/{second}/decline", NO))["state"] == "declined"
