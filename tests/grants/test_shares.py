"""Whose the money is: who decides what is awarded, whom it goes to, and how much of all the backbone itself has."""

from datetime import UTC, datetime

from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, gbp
from tests.grants.conftest import Acting
from tests.grants.test_delegations import fund_and_round, hand_on
from tests.grants.test_income_and_investments import BROUGHT, CORE


def euros(amount: str) -> Json:
    return {"amount": amount, "currency": "EUR"}


async def test_awards_are_shared_out_by_who_decides_and_whom_they_go_to(grants: Caller, acting: Acting) -> None:
    own = await grants.award(await grants.application(await grants.open_round()), "500.00")
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    await hand_on(grants, fund, anchor)
    await awarding.award(await grants.application(opened), "1500.00")
    refused = await awarding.award(await grants.application(opened), "700.00")
    await awarding.post(f"/v1/awards/{refused}/cancel", {"reason": "The group has gone"})
    (told,) = (await grants.get("/v1/awards/shares"))["awards"]
    assert (told["amount"], told["number"]) == (gbp("2000.00"), 2)
    assert told["by"] == [
        {"organisation": anchor, "amount": gbp("1500.00"), "number": 1, "share": 0.75},
        {"organisation": None, "amount": gbp("500.00"), "number": 1, "share": 0.25},
    ]
    assert told["to"] == [{"organisation": None, "amount": gbp("2000.00"), "number": 2, "share": 1.0}]
    assert (await grants.get("/v1/awards/shares", since="2020-01-01", on="2021-01-01"))["awards"] == []
    assert (await grants.get(f"/v1/awards/{own}"))["id"] == own


@ON_ONE_DATABASE
async def test_the_backbones_own_income_is_held_against_what_came_in_for_others(grants: Caller) -> None:
    await grants.post("/v1/income", {**CORE, "amount": gbp("3000.00")})
    for other in ({"state": "sought"}, {"starts_on": "2024-01-01", "ends_on": "2025-10-03"}):
        await grants.post("/v1/income", {**CORE, **other})
    await grants.post("/v1/investments", {**BROUGHT, "amount": gbp("5000.00")})
    await grants.post("/v1/investments", {**BROUGHT, "amount": gbp("9000.00"), "agreed_on": "2024-05-01"})
    await grants.post("/v1/investments", {**BROUGHT, "amount": gbp("800.00"), "fund": await grants.fund()})
    await grants.post("/v1/investments", {**BROUGHT, "amount": euros("10.00")})
    with clock.frozen(datetime(2026, 10, 3, 12, tzinfo=UTC)):
        await grants.award(await grants.application(await grants.open_round()), "2000.00")
        told = await grants.get("/v1/income/shares")
    assert (told["since"], told["on"]) == ("2025-10-03", "2026-10-03")
    nothing = {"backbone": euros("0.00"), "awarded": euros("0.00"), "brought_in": euros("10.00"), "share": 0.0}
    own = {"backbone": gbp("3000.00"), "awarded": gbp("2000.00"), "brought_in": gbp("5000.00"), "share": 0.3}
    assert told["funding"] == [nothing, own]
    earlier = await grants.get("/v1/income/shares", since="2024-01-01", on="2025-01-01")
    assert [each["share"] for each in earlier["funding"]] == [0.8022]  # 36,500 of it and of 9,000


@ON_ONE_DATABASE
async def test_a_time_begins_before_it_ends(grants: Caller) -> None:
    for path in ("/v1/awards/shares", "/v1/income/shares"):
        answered = await grants.client.get(path, params={"since": "2026-01-01", "on": "2026-01-01"})
        assert (answered.status_code, faults(answered.json())) == (422, {"?since": "before_start"})


@ON_ONE_DATABASE
async def test_another_movements_money_is_in_no_share(grants: Caller, other: Caller) -> None:
    await other.award(await other.application(await other.open_round()))
    await other.post("/v1/income", CORE)
    assert (await grants.get("/v1/awards/shares"))["awards"] == []
    assert (await grants.get("/v1/income/shares"))["funding"] == []
