"""Rounds at their instants, what of an open one may be amended, and what it is asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from services.grants.rounds import due
from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.outbox import told
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import NO, Caller, asking, gbp

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


async def state(grants: Caller, round_id: str) -> str:
    return str((await grants.get(f"/v1/rounds/{round_id}"))["state"])


async def test_a_published_round_opens_and_closes_by_itself_at_its_instants(app: FastAPI, grants: Caller) -> None:
    with clock.frozen(NOON) as time:
        times = {"opens_at": (NOON + DAY).isoformat(), "closes_at": (NOON + 2 * DAY).isoformat()}
        published = await grants.draft(fund := await grants.fund(), **times)
        only_drafted = await grants.draft(fund, "500.00", **times)
        await grants.post(f"/v1/rounds/{published}/publish")
        stood = []
        for _ in range(3):
            await due.look(app.state.parts)
            stood.append(await state(grants, published))
            time.advance(DAY)
    assert stood == ["published", "open", "closed"]
    assert await state(grants, only_drafted) == "draft"


async def test_a_round_whose_money_is_not_there_is_held_up_told_of_once_and_opened_by_hand(
    app: FastAPI, grants: Caller
) -> None:
    with clock.frozen(NOON) as time:
        fund = await grants.fund("100.00")
        short = await grants.draft(fund, opens_at=(NOON + DAY).isoformat())
        await grants.post(f"/v1/rounds/{short}/publish")
        time.advance(DAY)
        for _ in range(2):
            await due.look(app.state.parts)
        shown = await grants.get(f"/v1/rounds/{short}")
        assert (shown["state"], shown["held_up"]) == ("published", "over_fund")
        enough = {"funder": "Lottery", "promised": gbp("19900.00"), "cleared": gbp("19900.00")}
        await grants.post(f"/v1/funds/{fund}/contributions", enough)
        opened = await grants.post(f"/v1/rounds/{short}/open")
        assert (opened["state"], opened["held_up"]) == ("open", None)
    heard = [event.type for event in await told(app, grants.movement) if event.key == short]
    assert heard == ["round.published", "round.held_up", "round.opened"]


async def test_a_round_is_given_more_time_and_money_for_a_reason_that_is_kept(app: FastAPI, grants: Caller) -> None:
    with clock.frozen(NOON) as time:
        fund = await grants.fund("20000.00")
        times = {"opens_at": NOON.isoformat(), "closes_at": (NOON + DAY).isoformat()}
        opened = await grants.draft(fund, "5000.00", quorum=3, **times)
        await grants.post(f"/v1/rounds/{opened}/open")
        said = {
            "reason": "Flood",
            "closes_at": "2030-05-08T12:00:00Z",
            "budget": gbp("6000.00"),
            "quorum": 2,
        }
        made = await grants.post(f"/v1/rounds/{opened}/amendments", said)
        assert made["before"] == {"closes_at": (NOON + DAY).isoformat(), "budget": gbp("5000.00"), "quorum": 3}
        assert made["after"] == {name: said[name] for name in ("closes_at", "budget", "quorum")}
        time.advance(3 * DAY)
        await grants.application(opened)
    shown = await grants.get(f"/v1/rounds/{opened}")
    assert (shown["budget"], shown["remaining"], shown["quorum"]) == (gbp("6000.00"), gbp("6000.00"), 2)
    assert (await grants.get(f"/v1/funds/{fund}"))["reserved"] == gbp("6000.00")
    assert (await grants.get(f"/v1/rounds/{opened}/amendments"))["data"] == [made]
    amended = [event.payload for event in await told(app, grants.movement) if event.type == "round.amended"]
    assert amended == [{"round": opened, "amendment": made["id"], "changed": ["budget", "closes_at", "quorum"]}]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"closes_at": "2030-05-01T13:00:00Z"}, {"/closes_at": "not_later"}),
        ({"budget": gbp("5000.00")}, {"/budget/amount": "not_more"}),
        ({"budget": {"amount": "6000.00", "currency": "EUR"}}, {"/budget/currency": "wrong_currency"}),
        ({"quorum": 1}, {"/quorum": "not_less"}),
        ({"maximum": gbp("9000.00")}, {"/maximum": "extra_forbidden"}),
        ({}, {"": "nothing_changes"}),
    ],
)
@ON_ONE_DATABASE
async def test_nothing_is_taken_away_by_an_amendment(grants: Caller, said: Json, found: dict[str, str]) -> None:
    with clock.frozen(NOON):
        closes = (NOON + DAY).isoformat()
        opened = await grants.open_round("5000.00", opens_at=NOON.isoformat(), closes_at=closes)
        before = await grants.get(f"/v1/rounds/{opened}")
        status, problem = await grants.refused(f"/v1/rounds/{opened}/amendments", {"reason": "Because", **said})
        assert (status, faults(problem)) == (422, found)
        assert await grants.get(f"/v1/rounds/{opened}") == before


@ON_ONE_DATABASE
async def test_no_more_is_amended_than_the_fund_has_nor_what_is_not_open(grants: Caller) -> None:
    opened = await grants.open_round("5000.00")
    raised = {"reason": "More asked", "budget": gbp("5000.01")}
    assert (await grants.refused(f"/v1/rounds/{opened}/amendments", raised))[1]["code"] == "over_fund"
    assert (await grants.get(f"/v1/rounds/{opened}"))["budget"] == gbp("5000.00")
    later = {"reason": "More time", "closes_at": "2999-05-08T12:00:00Z"}
    await grants.post(f"/v1/rounds/{opened}/close")
    assert (await grants.refused(f"/v1/rounds/{opened}/amendments", later))[1]["code"] == "not_amendable"
    drafted = await grants.draft(await grants.fund())
    assert (await grants.refused(f"/v1/rounds/{drafted}/amendments", raised))[1]["code"] == "not_amendable"


async def test_demand_says_what_was_asked_for_and_awarded_by_theme_place_and_outcome(grants: Caller) -> None:
    opened = await grants.open_round()
    said: list[Json] = [
        asking(opened, "700.00") | {"theme": "food", "place": "E07000080"},
        asking(opened, "500.00") | {"theme": "food"},
        asking(opened, "900.00") | {"theme": "art", "place": "E07000080"},
    ]
    first, second, _ = [(await grants.post("/v1/applications", each))["id"] for each in said]
    await grants.post(f"/v1/awards/{await grants.award(first, '600.00')}/lapse")
    await grants.award(first, "650.00")
    await grants.post(f"/v1/applications/{second}/decline", NO)
    demand = await grants.get(f"/v1/rounds/{opened}/demand")

    def shares(side: str) -> list[tuple[str | None, int, str, str]]:
        return [
            (row["name"], row["applications"], row["asked"]["amount"], row["awarded"]["amount"]) for row in demand[side]
        ]

    assert (demand["applications"], demand["asked"], demand["awarded"]) == (3, gbp("2100.00"), gbp("650.00"))
    assert shares("by_theme") == [("food", 2, "1200.00", "650.00"), ("art", 1, "900.00", "0.00")]
    assert shares("by_place") == [("E07000080", 2, "1600.00", "650.00"), (None, 1, "500.00", "0.00")]
    assert shares("by_outcome") == [
        ("submitted", 1, "900.00", "0.00"),
        ("awarded", 1, "700.00", "650.00"),
        ("declined", 1, "500.00", "0.00"),
    ]
