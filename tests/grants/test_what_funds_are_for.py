"""What is said of funds, what they may be spent on and until when, and what leaves them otherwise than by awards."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from shared import clock
from shared.testing.caller import Json, faults, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, gbp
from tests.grants.conftest import Acting

ARTS = {"name": "Arts", "grant_maker": "Action Together", "purpose": "Arts and food"}


async def fund_of(grants: Caller, **said: object) -> tuple[str, str]:
    """A fund with 1,000 pounds of one contribution: both ids."""
    fund = str((await grants.post("/v1/funds", ARTS))["id"])
    given = {"funder": "Lottery", "promised": gbp("1500.00"), "cleared": gbp("1000.00"), **said}
    return fund, str((await grants.post(f"/v1/funds/{fund}/contributions", given))["id"])


async def leave(grants: Caller, fund: str, contribution: str, step: str, amount: str) -> Json:
    return await grants.post(f"/v1/funds/{fund}/contributions/{contribution}/{step}", {"amount": gbp(amount)})


async def refused(grants: Caller, fund: str, contribution: str, step: str, amount: str) -> tuple[int, str]:
    path = f"/v1/funds/{fund}/contributions/{contribution}/{step}"
    status, problem = await grants.refused(path, {"amount": gbp(amount)})
    return status, problem["code"]


async def test_what_is_said_of_a_fund_is_edited_by_version(grants: Caller, acting: Acting) -> None:
    made = await grants.post("/v1/funds", {**ARTS, "spend_by": "2027-03-31", "underspend_rule": "return"})
    assert (made["stage"], made["restrictions"], made["version"]) == (
        "early",
        {"places": [], "kinds": [], "themes": []},
        1,
    )
    path, tag = f"/v1/funds/{made['id']}", {"if-match": '"1"'}
    change = {"stage": "later", "spend_by": None, "restrictions": {"themes": ["arts"]}}
    changed = json_of(await grants.client.patch(path, json=change, headers=tag), 200)
    assert (changed["stage"], changed["spend_by"], changed["underspend_rule"]) == ("later", None, "return")
    assert changed["restrictions"]["themes"] == ["arts"]
    assert await grants.get(path) == changed
    assert (await grants.client.patch(path, json=change, headers=tag)).status_code == 412
    _, stranger = await acting()
    answered = await stranger.client.patch(path, json={"name": "Mine"}, headers={"if-match": "*"})
    assert (answered.status_code, answered.json()["code"]) == (403, "not_delegated")
    assert ("fund.changed", {"fund": made["id"], "version": 2}) in await grants.published(made["id"])
    assert [row["id"] for row in await grants.every("/v1/funds", updated_since=changed["updated_at"])] == [made["id"]]


@ON_ONE_DATABASE
async def test_a_funder_that_is_no_organisation_here_is_named(grants: Caller) -> None:
    fund = (await grants.post("/v1/funds", ARTS))["id"]
    said = {"funder": "L", "promised": gbp("1.00"), "funder_organisation": "org_01h455vb4pex5vsknk084sn02q"}
    _, problem = await grants.refused(f"/v1/funds/{fund}/contributions", said)
    assert faults(problem) == {"/funder_organisation": "unknown_organisation"}


async def test_a_fee_and_what_is_returned_are_lines_of_their_own(grants: Caller) -> None:
    fund, contribution = await fund_of(grants)
    await leave(grants, fund, contribution, "take-fee", "50.00")
    shown = await leave(grants, fund, contribution, "return", "150.00")
    assert (shown["cleared"], shown["fees"], shown["returned"]) == (gbp("1000.00"), gbp("50.00"), gbp("150.00"))
    held = await grants.get(f"/v1/funds/{fund}")
    assert (held["cleared"], held["promised"], held["available"]) == (gbp("800.00"), gbp("1300.00"), gbp("800.00"))
    assert await refused(grants, fund, contribution, "return", "800.01") == (409, "not_left")
    told = [kind for kind, _ in await grants.published(fund)]
    assert told[-2:] == ["contribution.fee_taken", "contribution.returned"]


async def test_no_fee_is_taken_of_money_that_forbids_it_nor_of_what_a_round_holds(grants: Caller) -> None:
    fund, restricted = await fund_of(grants, restriction="For grants to groups alone")
    assert await refused(grants, fund, restricted, "take-fee", "1.00") == (409, "fee_forbidden")
    free = {"funder": "Council", "promised": gbp("500.00"), "cleared": gbp("500.00")}
    other = (await grants.post(f"/v1/funds/{fund}/contributions", free))["id"]
    opened = await grants.draft(fund, "1400.00")
    await grants.post(f"/v1/rounds/{opened}/open")
    assert await refused(grants, fund, other, "take-fee", "100.01") == (409, "not_left")
    assert await refused(grants, fund, other, "return", "500.00") == (409, "not_left")
    assert (await grants.get(f"/v1/funds/{fund}"))["available"] == gbp("100.00")
    await leave(grants, fund, other, "take-fee", "100.00")


@ON_ONE_DATABASE
async def test_a_promise_that_will_not_come_is_reduced_to_what_came(grants: Caller) -> None:
    fund, contribution = await fund_of(grants)
    assert await refused(grants, fund, contribution, "reduce", "500.01") == (409, "not_left")
    assert (await leave(grants, fund, contribution, "reduce", "500.00"))["promised"] == gbp("1000.00")
    assert (await grants.get(f"/v1/funds/{fund}"))["promised"] == gbp("1000.00")
    assert await refused(grants, fund, contribution, "clear", "0.01") == (409, "over_promise")


@ON_ONE_DATABASE
async def test_no_key_takes_a_fee_or_sends_money_back(grants: Caller, key: Caller) -> None:
    fund, contribution = await fund_of(grants)
    for step in ("take-fee", "return"):
        assert (await refused(key, fund, contribution, step, "1.00"))[0] == 403
    assert (await grants.get(f"/v1/funds/{fund}"))["cleared"] == gbp("1000.00")


@ON_ONE_DATABASE
async def test_a_round_is_open_to_no_more_than_its_fund_is_for(grants: Caller) -> None:
    said = {**ARTS, "restrictions": {"places": ["E07000080", "E07000081"], "themes": ["arts"]}}
    fund = (await grants.post("/v1/funds", said))["id"]
    given = {"funder": "Lottery", "promised": gbp("5000"), "cleared": gbp("5000")}
    await grants.post(f"/v1/funds/{fund}/contributions", given)
    wide = await grants.draft(fund, "2000.00", eligibility={"places": ["E07000080", "E07000099"]})
    status, problem = await grants.refused(f"/v1/rounds/{wide}/open")
    assert (status, problem["code"], problem["outside"]) == (409, "outside_purpose", "places, themes")
    within = await grants.draft(fund, "2000.00", eligibility={"places": ["E07000080"], "themes": ["arts"]})
    await grants.post(f"/v1/rounds/{within}/open")
    assert (await grants.get(f"/v1/funds/{fund}"))["reserved"] == gbp("2000.00")


async def test_what_is_not_paid_is_at_risk_as_the_last_day_comes(app: FastAPI, grants: Caller) -> None:
    fund = await grants.fund("1000.00")
    path = f"/v1/funds/{fund}"
    await grants.client.patch(path, json={"spend_by": "2027-03-31"}, headers={"if-match": "*"})
    opened = await grants.draft(fund, "1000.00")
    await grants.post(f"/v1/rounds/{opened}/open")
    await grants.award(await grants.application(opened, "600.00"), "600.00")
    near = app.state.parts.settings.spend_by_days
    with clock.frozen(datetime(2026, 12, 1, 12, tzinfo=UTC)):
        shown = await grants.get(f"{path}/spending")
        assert (shown["days_left"], near, shown["at_risk"]) == (120, 90, None)
    with clock.frozen(datetime(2027, 3, 31, 12, tzinfo=UTC)):
        shown = await grants.get(f"{path}/spending")
    assert (shown["days_left"], shown["paid"], shown["unpaid"]) == (0, gbp("0.00"), gbp("600.00"))
    assert (shown["uncommitted"], shown["at_risk"]) == (gbp("400.00"), gbp("1000.00"))


@pytest.mark.parametrize("step", ["take-fee", "return", "reduce"])
@ON_ONE_DATABASE
async def test_nothing_and_another_currency_leave_no_fund(grants: Caller, step: str) -> None:
    fund, contribution = await fund_of(grants)
    path = f"/v1/funds/{fund}/contributions/{contribution}/{step}"
    for amount, fault in ((gbp("0.00"), "/amount/amount"), ({"amount": "1.00", "currency": "EUR"}, "/amount/currency")):
        status, problem = await grants.refused(path, {"amount": amount})
        assert (status, [each["pointer"] for each in problem["errors"]]) == (422, [fault])
