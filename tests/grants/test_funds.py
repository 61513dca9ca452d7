"""Funds: what funders promise and clear, and what of it is available."""

import asyncio

import pytest

from shared.ids import new_id
from shared.testing.caller import Json
from tests.grants.caller import Caller, gbp

ARTS = {"name": "Arts", "grant_maker": "Action Together", "purpose": "Arts and food"}


def money(fund: Json) -> dict[str, str]:
    return {name: fund[name]["amount"] for name in ("promised", "cleared", "reserved", "committed", "available")}


async def test_a_new_fund_is_empty(grants: Caller) -> None:
    made = await grants.post("/v1/funds", ARTS)
    assert made["id"].startswith("fund_")
    assert set(money(made).values()) == {"0.00"}
    assert made["available"] == {"amount": "0.00", "currency": "GBP"}
    assert await grants.get(f"/v1/funds/{made['id']}") == made


async def test_a_fund_is_shown_alone_and_in_a_list_as_it_was_when_it_was_made(grants: Caller) -> None:
    restrictions = {"places": ["E07000080"], "kinds": ["charity"], "themes": ["arts"]}
    said = {**ARTS, "restrictions": restrictions, "spend_by": "2027-03-31", "underspend_rule": "return"}
    made = [await grants.post("/v1/funds", body) for body in (said, ARTS)]
    chosen = await grants.post(f"/v1/funds/{made[0]['id']}/take-suggestions", status=200)
    assert {name: chosen[name] for name in said} == said
    assert chosen["takes_suggestions"] is True
    shown = [chosen, made[1]]
    assert [await grants.get(f"/v1/funds/{each['id']}") for each in shown] == shown
    assert (await grants.get("/v1/funds"))["data"] == shown
    assert (await grants.get("/v1/funds", updated_since=made[1]["updated_at"]))["data"][-1] == made[1]
    assert (await grants.get("/v1/funds", updated_since="2999-01-01T00:00:00Z"))["data"] == []


async def test_only_cleared_money_is_available(grants: Caller) -> None:
    fund = (await grants.post("/v1/funds", ARTS))["id"]
    promise = {"funder": "Sport England", "promised": gbp("20000.00"), "restriction": "only for those inactive now"}
    made = await grants.post(f"/v1/funds/{fund}/contributions", promise)
    assert (made["promised"], made["cleared"]) == (gbp("20000.00"), gbp("0.00"))
    assert money(await grants.get(f"/v1/funds/{fund}"))["available"] == "0.00"

    clear = f"/v1/funds/{fund}/contributions/{made['id']}/clear"
    assert (await grants.post(clear, {"amount": gbp("12000.50")}))["cleared"] == gbp("12000.50")
    assert money(await grants.get(f"/v1/funds/{fund}")) == {
        "promised": "20000.00",
        "cleared": "12000.50",
        "reserved": "0.00",
        "committed": "0.00",
        "available": "12000.50",
    }


async def test_no_more_clears_than_was_promised(grants: Caller) -> None:
    fund = (await grants.post("/v1/funds", ARTS))["id"]
    promise = {"funder": "Sport England", "promised": gbp("100.00"), "cleared": gbp("60.00")}
    made = await grants.post(f"/v1/funds/{fund}/contributions", promise)
    clear = f"/v1/funds/{fund}/contributions/{made['id']}/clear"
    status, problem = await grants.refused(clear, {"amount": gbp("40.01")})
    assert (status, problem["code"]) == (409, "over_promise")
    assert money(await grants.get(f"/v1/funds/{fund}"))["cleared"] == "60.00"


async def test_clearings_that_race_never_pass_the_promise(grants: Caller) -> None:
    fund = (await grants.post("/v1/funds", ARTS))["id"]
    made = await grants.post(f"/v1/funds/{fund}/contributions", {"funder": "Lottery", "promised": gbp("100.00")})
    clear = f"/v1/funds/{fund}/contributions/{made['id']}/clear"
    answers = await asyncio.gather(*(grants.client.post(clear, json={"amount": gbp("20.00")}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409] * 3
    assert money(await grants.get(f"/v1/funds/{fund}"))["cleared"] == "100.00"
    assert (await grants.get(f"/v1/funds/{fund}/contributions"))["data"][0]["cleared"] == gbp("100.00")


async def test_a_fund_shows_what_its_rounds_hold_and_have_awarded(grants: Caller) -> None:
    fund = await grants.fund("20000.00")
    opened = await grants.draft(fund, "15000.00")
    await grants.post(f"/v1/rounds/{opened}/open")
    await grants.award(await grants.application(opened, "2500.00"), "2500.00")
    assert money(await grants.get(f"/v1/funds/{fund}")) == {
        "promised": "20000.00",
        "cleared": "20000.00",
        "reserved": "15000.00",
        "committed": "2500.00",
        "available": "5000.00",
    }


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"promised": {"amount": "100.00", "currency": "EUR"}}, "/promised/currency", "wrong_currency"),
        ({"promised": gbp("0.00")}, "/promised/amount", "not_positive"),
        ({"promised": gbp("-1.00")}, "/promised/amount", "invalid_amount"),
        ({"promised": gbp("1.005")}, "/promised/amount", "too_many_decimals"),
        ({"cleared": {"amount": "100.00", "currency": "EUR"}}, "/cleared/currency", "wrong_currency"),
        ({"cleared": gbp("100.01")}, "/cleared/amount", "over_promise"),
        ({"funder": "  "}, "/funder", None),
        ({"funder": "Nul\x00"}, "/funder", None),
    ],
)
async def test_a_faulty_contribution_is_named_and_changes_nothing(
    grants: Caller, changed: Json, pointer: str, code: str | None
) -> None:
    fund = (await grants.post("/v1/funds", ARTS))["id"]
    body = {"funder": "Sport England", "promised": gbp("100.00"), "cleared": gbp("100.00")}
    status, problem = await grants.refused(f"/v1/funds/{fund}/contributions", {**body, **changed})
    assert status == 422
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    if code is not None:
        assert problem["errors"][0]["code"] == code
    assert set(money(await grants.get(f"/v1/funds/{fund}")).values()) == {"0.00"}
    assert (await grants.get(f"/v1/funds/{fund}/contributions"))["data"] == []


async def test_a_yen_has_no_decimals(grants: Caller) -> None:
    fund = await grants.fund("20000", "JPY")
    assert (await grants.get(f"/v1/funds/{fund}"))["available"] == {"amount": "20000", "currency": "JPY"}


async def test_funds_and_contributions_come_in_pages_oldest_first(grants: Caller) -> None:
    funds = [await grants.fund("1.00") for _ in range(3)]
    first = await grants.get("/v1/funds", limit=2)
    rest = await grants.get("/v1/funds", limit=2, cursor=first["next_cursor"])
    assert [fund["id"] for fund in first["data"] + rest["data"]] == funds
    assert rest["next_cursor"] is None

    path = f"/v1/funds/{funds[0]}/contributions"
    await grants.post(path, {"funder": "The lottery", "promised": gbp("5.00")})
    first = await grants.get(path, limit=1)
    rest = await grants.get(path, limit=1, cursor=first["next_cursor"])
    assert [row["funder"] for row in first["data"] + rest["data"]] == ["Sport England", "The lottery"]


async def test_what_is_not_there_is_not_found(grants: Caller) -> None:
    fund, missing = await grants.fund("1.00"), new_id("fund")
    promise = {"funder": "Sport England", "promised": gbp("100.00")}
    assert (await grants.refused(f"/v1/funds/{missing}/contributions", promise))[0] == 404
    clear = f"/v1/funds/{fund}/contributions/{new_id('contrib')}/clear"
    assert (await grants.refused(clear, {"amount": gbp("1.00")}))[0] == 404
    for path in (f"/v1/funds/{missing}", f"/v1/funds/{missing}/contributions"):
        assert (await grants.client.get(path)).status_code == 404
