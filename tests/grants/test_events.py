"""What the service publishes: each fact once, in its change's transaction, and never a word that somebody wrote."""

import json

import pytest
from fastapi import FastAPI

from shared.testing.outbox import told
from tests.grants.caller import BECAUSE, NO, Caller, asking, gbp


async def test_a_grant_is_told_from_fund_to_acceptance(app: FastAPI, grants: Caller) -> None:
    opened = await grants.open_round("20000.00")
    submitted = await grants.application(opened, "700.00")
    award = await grants.award(submitted, "600.00")
    await grants.post(f"/v1/awards/{award}/accept")
    closed = await grants.post(f"/v1/rounds/{opened}/close")
    fund = closed["fund"]
    contribution = (await grants.get(f"/v1/funds/{fund}/contributions"))["data"][0]["id"]
    draw = await grants.get(f"/v1/rounds/{opened}/draw")
    pounds = {"currency": "GBP"}
    assert await told(app, grants.movement) == [
        ("fund.created", fund, 1, {"fund": fund} | pounds),
        (
            "contribution.cleared",
            fund,
            2,
            {"fund": fund, "contribution": contribution, "amount_pence": 20_000_00} | pounds,
        ),
        ("round.opened", opened, 1, {"round": opened, "fund": fund, "budget_pence": 20_000_00} | pounds),
        ("draw.committed", draw["id"], 1, {"draw": draw["id"], "round": opened, "digest": draw["digest"]}),
        (
            "application.submitted",
            submitted,
            1,
            {"application": submitted, "round": opened, "amount_pence": 700_00} | pounds,
        ),
        (
            "award.offered",
            award,
            1,
            {"award": award, "application": submitted, "round": opened, "amount_pence": 600_00} | pounds,
        ),
        ("award.accepted", award, 2, {"award": award}),
        ("round.closed", opened, 2, {"round": opened}),
    ]


async def test_each_clearing_is_told_with_what_cleared_then(app: FastAPI, grants: Caller) -> None:
    fund = (await grants.post("/v1/funds", {"name": "Arts", "grant_maker": "Us", "purpose": "Arts"}))["id"]
    promise = {"funder": "Sport England", "promised": gbp("100.00"), "cleared": gbp("30.00")}
    made = await grants.post(f"/v1/funds/{fund}/contributions", promise)
    await grants.post(f"/v1/funds/{fund}/contributions/{made['id']}/clear", {"amount": gbp("70.00")})
    await grants.post(f"/v1/funds/{fund}/contributions", {"funder": "Promising", "promised": gbp("100.00")})
    assert [event.payload.get("amount_pence") for event in await told(app, grants.movement)] == [None, 30_00, 70_00]


async def test_a_round_is_told_of_from_its_publication_to_its_end(app: FastAPI, grants: Caller) -> None:
    drafted = await grants.draft(await grants.fund())
    for step in ("publish", "open", "close", "assess", "decide", "complete"):
        await grants.post(f"/v1/rounds/{drafted}/{step}")
    heard = [event for event in await told(app, grants.movement) if event.key == drafted]
    assert [event.type for event in heard] == [
        "round.published", "round.opened", "round.closed", "round.assessed", "round.decided", "round.completed"
    ]  # fmt: skip
    assert heard[-1].payload == {"round": drafted, "unawarded_pence": 20_000_00, "currency": "GBP"}


async def test_an_open_round_that_is_cancelled_is_told_as_closed_too_and_a_draft_is_not_told(
    app: FastAPI, grants: Caller
) -> None:
    opened = await grants.open_round("20000.00")
    await grants.post(f"/v1/rounds/{opened}/cancel", BECAUSE)
    await grants.post(f"/v1/rounds/{await grants.draft(await grants.fund())}/cancel")
    assert [(kind, key) for kind, key, *_ in await told(app, grants.movement) if kind.startswith("round")] == [
        ("round.opened", opened),
        ("round.closed", opened),
        ("round.cancelled", opened),
    ]


@pytest.mark.parametrize(("step", "outcome"), [("lapse", "lapsed"), ("cancel", "cancelled")])
async def test_an_award_that_ends_is_told_with_the_money_that_it_held(
    app: FastAPI, grants: Caller, step: str, outcome: str
) -> None:
    award = await grants.award(await grants.application(await grants.open_round(), "700.00"), "600.00")
    await grants.post(f"/v1/awards/{award}/{step}", BECAUSE)
    assert (await told(app, grants.movement))[-1] == (
        "award.ended",
        award,
        2,
        {"award": award, "outcome": outcome, "amount_pence": 600_00, "currency": "GBP"},
    )


@pytest.mark.parametrize(("step", "outcome"), [("decline", "declined"), ("withdraw", "withdrawn")])
async def test_an_application_that_ends_is_told_without_the_reason(
    app: FastAPI, grants: Caller, step: str, outcome: str
) -> None:
    submitted = await grants.application(await grants.open_round())
    await grants.post(f"/v1/applications/{submitted}/{step}", NO if step == "decline" else None)
    ended = {"application": submitted, "outcome": outcome}
    assert (await told(app, grants.movement))[-1] == ("application.ended", submitted, 2, ended)


async def test_a_refused_change_is_not_told(app: FastAPI, grants: Caller) -> None:
    opened = await grants.open_round("500.00")
    first, second = [await grants.application(opened) for _ in range(2)]
    await grants.award(first)
    before = await told(app, grants.movement)
    assert (await grants.refused("/v1/awards", {"application": second, "amount": gbp("500.00")}))[0] == 409
    assert (await grants.refused("/v1/applications", asking(opened, "1.00")))[0] == 422
    assert (await grants.refused(f"/v1/rounds/{opened}/open"))[0] == 409
    assert (await grants.refused(f"/v1/applications/{first}/withdraw"))[0] == 409
    assert await told(app, grants.movement) == before


async def test_nothing_that_somebody_wrote_is_published(app: FastAPI, grants: Caller) -> None:
    fund = (await grants.post("/v1/funds", {"name": "Zebra", "grant_maker": "Zebra", "purpose": "Zebra"}))["id"]
    promise = {"funder": "Zebra", "promised": gbp("900.00"), "cleared": gbp("900.00"), "restriction": "Zebra"}
    await grants.post(f"/v1/funds/{fund}/contributions", promise)
    drafted = await grants.draft(fund, "900.00", title="Zebra")
    await grants.post(f"/v1/rounds/{drafted}/open")
    words = {"group_name": "Zebra", "summary": "Zebra", "place": "E07000080"}
    submitted = (await grants.post("/v1/applications", asking(drafted, **words)))["id"]
    await grants.award(submitted)
    said = json.dumps(await told(app, grants.movement))
    assert "Zebra" not in said
    assert "E07000080" not in said
