"""Awards: offered within what the round has left, accepted, or ended with the money given back."""

import asyncio

import pytest

from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import BECAUSE, Caller, gbp


async def left(grants: Caller, round_id: str) -> str:
    return str((await grants.get(f"/v1/rounds/{round_id}"))["remaining"]["amount"])


async def test_an_offer_commits_the_rounds_money(grants: Caller) -> None:
    opened = await grants.open_round("20000.00")
    submitted = await grants.application(opened, "2500.00")
    offered = await grants.post("/v1/awards", {"application": submitted, "amount": gbp("2000.00")})
    assert {field: offered[field] for field in ("application", "round", "state", "amount")} == {
        "application": submitted,
        "round": opened,
        "state": "offered",
        "amount": gbp("2000.00"),
    }
    shown = await grants.get(f"/v1/rounds/{opened}")
    assert (shown["committed"], shown["remaining"]) == (gbp("2000.00"), gbp("18000.00"))
    assert (await grants.get(f"/v1/applications/{submitted}"))["state"] == "awarded"
    assert await grants.get(f"/v1/awards/{offered['id']}") == offered


async def test_an_accepted_award_keeps_its_money(grants: Caller) -> None:
    opened = await grants.open_round()
    award = await grants.award(await grants.application(opened))
    accepted = await grants.post(f"/v1/awards/{award}/accept")
    assert accepted["state"] == "accepted"
    assert accepted["accepted_at"] is not None
    assert await left(grants, opened) == "19500.00"
    for step in ("accept", "lapse", "refuse", "close"):
        status, problem = await grants.refused(f"/v1/awards/{award}/{step}")
        assert (status, problem["code"], problem["state"]) == (409, "illegal_transition", "accepted")


@pytest.mark.parametrize("step", ["lapse", "refuse", "cancel"])
async def test_an_offer_that_ends_gives_its_money_back_and_may_be_made_again(grants: Caller, step: str) -> None:
    opened = await grants.open_round("500.00")
    submitted = await grants.application(opened)
    award = await grants.award(submitted)
    assert await left(grants, opened) == "0.00"
    assert (await grants.post(f"/v1/awards/{award}/{step}", BECAUSE))["ended_at"] is not None
    assert await left(grants, opened) == "500.00"
    assert (await grants.refused(f"/v1/awards/{award}/{step}", BECAUSE))[0] == 409
    assert await grants.award(submitted) != award
    assert await left(grants, opened) == "0.00"


async def test_an_accepted_award_of_which_nothing_was_paid_is_cancelled_as_an_offer_is(grants: Caller) -> None:
    opened = await grants.open_round("500.00")
    submitted = await grants.application(opened)
    award = await grants.award(submitted)
    await grants.post(f"/v1/awards/{award}/accept")
    cancelled = await grants.post(f"/v1/awards/{award}/cancel", BECAUSE)
    assert (cancelled["state"], cancelled["committed"]) == ("cancelled", gbp("0.00"))
    assert await left(grants, opened) == "500.00"
    assert await grants.award(submitted) != award


async def test_a_hold_is_of_an_accepted_award_and_ends_when_it_is_released(grants: Caller) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))
    assert (await grants.refused(f"/v1/awards/{award}/hold", BECAUSE))[1]["code"] == "illegal_transition"
    await grants.post(f"/v1/awards/{award}/accept")
    assert (await grants.refused(f"/v1/awards/{award}/release"))[1]["code"] == "award_not_on_hold"
    assert (await grants.post(f"/v1/awards/{award}/hold", BECAUSE))["held_since"] is not None
    assert (await grants.refused(f"/v1/awards/{award}/hold", BECAUSE))[1]["code"] == "award_on_hold"
    assert (await grants.post(f"/v1/awards/{award}/release"))["held_since"] is None


async def test_an_offer_that_ends_after_its_round_is_complete_gives_its_money_to_the_fund(grants: Caller) -> None:
    opened = await grants.open_round("20000.00")
    award = await grants.award(await grants.application(opened))
    fund = (await grants.complete(opened))["fund"]
    await grants.post(f"/v1/awards/{award}/lapse")
    shown = await grants.get(f"/v1/funds/{fund}")
    assert (shown["reserved"], shown["committed"], shown["available"]) == (gbp("0.00"), gbp("0.00"), gbp("20000.00"))
    assert await left(grants, opened) == "0.00"


async def test_no_more_is_offered_than_the_round_has_left(grants: Caller) -> None:
    opened = await grants.open_round("1200.00")
    await grants.award(await grants.application(opened), "700.00")
    last = await grants.application(opened)
    status, problem = await grants.refused("/v1/awards", {"application": last, "amount": gbp("500.01")})
    assert (status, problem["code"]) == (409, "over_budget")
    assert (await grants.get(f"/v1/applications/{last}"))["state"] == "submitted"
    await grants.award(last, "500.00")
    assert await left(grants, opened) == "0.00"


@pytest.mark.parametrize(
    ("amount", "pointer", "code"),
    [
        (gbp("499.99"), "/amount/amount", "outside_limits"),
        (gbp("2500.01"), "/amount/amount", "outside_limits"),
        ({"amount": "500.00", "currency": "EUR"}, "/amount/currency", "wrong_currency"),
        (gbp("500.005"), "/amount/amount", "too_many_decimals"),
        (gbp("-500.00"), "/amount/amount", "invalid_amount"),
    ],
)
async def test_a_faulty_amount_is_named_and_commits_nothing(
    grants: Caller, amount: Json, pointer: str, code: str
) -> None:
    opened = await grants.open_round()
    submitted = await grants.application(opened)
    status, problem = await grants.refused("/v1/awards", {"application": submitted, "amount": amount})
    assert status == 422
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(pointer, code)]
    assert await left(grants, opened) == "20000.00"
    assert (await grants.get(f"/v1/applications/{submitted}"))["state"] == "submitted"


async def test_an_application_has_one_live_award_however_many_offer_it(grants: Caller) -> None:
    opened = await grants.open_round()
    offer = {"application": await grants.application(opened), "amount": gbp("500.00")}
    answers = await asyncio.gather(*(grants.client.post("/v1/awards", json=offer) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_awarded"}
    assert await left(grants, opened) == "19500.00"


async def test_an_offer_that_is_accepted_and_ended_at_once_is_one_or_the_other(grants: Caller) -> None:
    opened = await grants.open_round()
    awards = [await grants.award(await grants.application(opened)) for _ in range(8)]
    steps = [f"/v1/awards/{award}/{step}" for award in awards for step in ("accept", "lapse", "refuse", "accept")]
    answers = await asyncio.gather(*(grants.client.post(step) for step in steps))
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [409] * 24
    accepted = (await grants.get("/v1/awards", round=opened, state="accepted"))["data"]
    assert await left(grants, opened) == f"{20_000 - 500 * len(accepted)}.00"


async def test_an_offer_repeated_with_its_idempotency_key_is_one_offer(grants: Caller) -> None:
    opened = await grants.open_round()
    offer = {"application": await grants.application(opened), "amount": gbp("500.00")}
    first, again = [
        await grants.client.post("/v1/awards", json=offer, headers={"idempotency-key": "offer-1"}) for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert await left(grants, opened) == "19500.00"


async def test_awards_are_listed_by_round_application_and_state_in_pages(grants: Caller) -> None:
    first, second = await grants.open_round(), await grants.open_round()
    asked = [await grants.application(opened) for opened in (first, first, second)]
    awards = [await grants.award(application) for application in asked]
    await grants.post(f"/v1/awards/{awards[0]}/accept")

    async def listed(**by: str | int) -> list[str]:
        return [row["id"] for row in (await grants.get("/v1/awards", **by))["data"]]

    assert await listed() == awards
    assert await listed(round=first) == awards[:2]
    assert await listed(application=asked[2]) == awards[2:]
    assert await listed(round=first, state="offered") == awards[1:2]
    page = await grants.get("/v1/awards", limit=2)
    assert await listed(limit=2, cursor=page["next_cursor"]) == awards[2:]


async def test_what_is_not_there_is_not_found(grants: Caller) -> None:
    status, problem = await grants.refused("/v1/awards", {"application": new_id("app"), "amount": gbp("500.00")})
    assert (status, problem["errors"][0]["pointer"]) == (404, "/application")
    assert (await grants.client.get(f"/v1/awards/{new_id('award')}")).status_code == 404
    for step in ("accept", "lapse", "refuse", "cancel", "hold", "release", "close"):
        said = BECAUSE if step in ("cancel", "hold") else None
        assert (await grants.refused(f"/v1/awards/{new_id('award')}/{step}", said))[0] == 404


@ON_ONE_DATABASE
@pytest.mark.parametrize("step", ["cancel", "hold"])
async def test_nothing_is_taken_back_or_stopped_without_a_reason_that_the_group_can_be_told(
    grants: Caller, step: str
) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))
    await grants.post(f"/v1/awards/{award}/accept")
    assert (await grants.refused(f"/v1/awards/{award}/{step}"))[0] == 422
    assert faults((await grants.refused(f"/v1/awards/{award}/{step}", {"reason": " "}))[1]) == {
        "/reason": "string_too_short"
    }
    shown = await grants.get(f"/v1/awards/{award}")
    assert (shown["state"], shown["held_since"]) == ("accepted", None)
    told = await grants.post(f"/v1/awards/{award}/{step}", BECAUSE)
    (change,) = (await grants.get(f"/v1/awards/{told['id']}/changes"))["changes"]
    assert change["reason"] == BECAUSE["reason"]
