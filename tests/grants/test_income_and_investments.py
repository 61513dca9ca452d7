"""What the backbone lives on, for how long, and what it brought in for others."""

from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from services.grants.finances.models import Income
from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, gbp
from tests.neighbours import nobody
from tests.plugins.parts import scale

CORE: Json = {
    "funder": "The council", "kind": "core", "amount": gbp("36500.00"),
    "starts_on": "2026-01-01", "ends_on": "2026-12-31",
}  # fmt: skip
BROUGHT: Json = {
    "investor": "Sport England", "recipient": "Walkers", "our_part": "We wrote it together", "amount": gbp("5000.00"),
    "agreed_on": "2026-05-01",
}  # fmt: skip


@ON_ONE_DATABASE
async def test_the_runway_is_what_is_left_of_secured_income_by_what_a_month_costs(grants: Caller) -> None:
    assert (await grants.refused("/v1/income/runway", method="GET"))[1]["code"] == "no_running_cost"
    await grants.client.put("/v1/income/running-cost", json={"monthly": gbp("1000.00")})
    await grants.post("/v1/income", CORE)
    tied = {**CORE, "kind": "tied", "tied_to": "The walks", "amount": gbp("3650.00")}
    await grants.post("/v1/income", tied)
    for other in ({"state": "sought"}, {"amount": {"amount": "1.00", "currency": "EUR"}}):
        await grants.post("/v1/income", {**CORE, **other})
    with clock.frozen(datetime(2026, 10, 3, 12, tzinfo=UTC)):  # 90 days are left of 365
        shown = await grants.get("/v1/income/runway")
    assert (shown["core_left"], shown["tied_left"]) == (gbp("9000.00"), gbp("900.00"))
    assert (shown["on"], shown["core_months"], shown["all_months"]) == ("2026-10-03", "9.0", "9.9")


async def test_income_is_edited_by_version_and_taken_out(grants: Caller) -> None:
    made = await grants.post("/v1/income", CORE)
    path = f"/v1/income/{made['id']}"
    changed = await grants.edit("PATCH", path, {"kind": "tied", "tied_to": "The walks"}, '"1"')
    assert (changed["kind"], changed["tied_to"], changed["version"]) == ("tied", "The walks", 2)
    assert await grants.get(path) == changed
    assert await grants.every("/v1/income", kind="core") == []
    assert await grants.refused_edit("PATCH", path, {"kind": "core"}, '"1"') == (412, "precondition_failed")
    assert await grants.refused_edit("PATCH", path, {"kind": "core"}) == (422, "invalid")
    assert (await grants.get(path))["kind"] == "tied"
    assert (await grants.client.delete(path, headers={"if-match": '"2"'})).status_code == 204
    assert (await grants.client.get(path)).status_code == 404
    told = [kind for kind, _ in await grants.published(made["id"])]
    assert told == ["income.noted", "income.changed", "income.dropped"]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"amount": gbp("0.00")}, {"/amount/amount": "not_positive"}),
        ({"ends_on": "2025-12-31"}, {"/ends_on": "before_start"}),
        ({"kind": "tied"}, {"/tied_to": "tied_to_what"}),
        ({"tied_to": "The walks"}, {"/tied_to": "tied_to_what"}),
        ({"funder_organisation": nobody()}, {"/funder_organisation": "unknown_organisation"}),
    ],
)
async def test_a_faulty_income_is_named(grants: Caller, changed: Json, wanted: Json) -> None:
    status, problem = await grants.refused("/v1/income", {**CORE, **changed})
    assert (status, faults(problem)) == (422, wanted)
    assert await grants.every("/v1/income") == []


async def test_what_was_brought_in_is_summed_up_whether_it_passes_through_us_or_not(grants: Caller) -> None:
    fund = await grants.fund("1.00")
    made = await grants.post("/v1/investments", BROUGHT)
    await grants.post("/v1/investments", {**BROUGHT, "amount": gbp("250.00")})
    await grants.post("/v1/investments", {**BROUGHT, "fund": fund, "agreed_on": "2026-06-01"})
    await grants.post("/v1/investments", {**BROUGHT, "kind": "in_kind", "agreed_on": "2025-01-01"})
    sums = (await grants.get("/v1/investments/brought-in", since="2026-01-01"))["sums"]
    assert [(each["kind"], each["through_us"], each["amount"], each["number"]) for each in sums] == [
        ("cash", False, gbp("5250.00"), 2),
        ("cash", True, gbp("5000.00"), 1),
    ]
    path = f"/v1/investments/{made['id']}"
    changed = await grants.edit("PATCH", path, {"amount": gbp("1.00"), "kind": "in_kind"}, '"1"')
    assert (changed["amount"], changed["recipient"]) == (gbp("1.00"), "Walkers")
    assert (await grants.client.delete(path, headers={"if-match": "*"})).status_code == 204
    assert len(await grants.every("/v1/investments")) == 3


@ON_ONE_DATABASE
async def test_a_faulty_investment_is_named(grants: Caller, other: Caller) -> None:
    theirs, yen = await other.fund("1.00"), await grants.fund("1", "JPY")
    for changed, wanted in (
        ({"fund": theirs}, {"/fund": "unknown_fund"}),
        ({"fund": yen}, {"/amount/currency": "wrong_currency"}),
        ({"recipient_organisation": nobody()}, {"/recipient_organisation": "unknown_organisation"}),
    ):
        status, problem = await grants.refused("/v1/investments", {**BROUGHT, **changed})
        assert (status, faults(problem)) == (422, wanted)


@ON_ONE_DATABASE
async def test_what_is_told_of_money_for_the_backbone_holds_no_name_and_no_sum(app: FastAPI, grants: Caller) -> None:
    income, investment = await grants.post("/v1/income", CORE), await grants.post("/v1/investments", BROUGHT)
    assert await grants.published(income["id"], investment["id"]) == [
        ("income.noted", {"income": income["id"]}),
        ("investment.noted", {"investment": investment["id"]}),
    ]


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(max_examples=scale(25))
@given(starts_on=DAYS, ends_on=DAYS, day=DAYS, amount=st.integers(1, 10**9))
def test_an_income_is_left_whole_before_it_starts_and_not_at_all_after_it_ends(
    starts_on: date, ends_on: date, day: date, amount: int
) -> None:
    starts_on, ends_on = sorted((starts_on, ends_on))
    left = Income(amount=amount, starts_on=starts_on, ends_on=ends_on).left_on(day)
    assert 0 <= left <= amount
    assert (left == amount) >= (day <= starts_on)
    assert (left == 0) >= (day > ends_on)
