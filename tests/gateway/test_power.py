"""The power audit: who has what part, and which of the five misperceptions hold by it."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.gateway.composed.power import POWER, STATEMENTS
from services.measures import frameworks
from shared.settings import Settings
from tests.gateway.running import ON_ONE_DATABASE, Caller, Gateway

BACKBONE, COUNCIL = "org_01j5x3m0e8f7v9q2k4t6w8y0ab", "org_01j5x3m0e8f7v9q2k4t6w8y0ac"
SEED = Path(frameworks.__file__).parent / "seeds" / "misperceptions.json"


def parts(*shares: tuple[str | None, float]) -> dict[str, Any]:
    return {"amount": 1.0, "parts": [{"organisation": whose, "amount": 1.0, "share": share} for whose, share in shares]}


def told(**other: object) -> dict[str, Any]:
    """What members and grants answer in a movement where all five are false."""
    even = parts((BACKBONE, 0.3), (COUNCIL, 0.7))
    mandate = {"organisation": BACKBONE, "way": "vote", "chosen_by": [COUNCIL], "decided_by": None}
    noted = dict.fromkeys(("agenda", "decisions", "roles", "programmes", "staff_time"), even)
    hours = [{"work": "advance_policy", "hours": 30.0}, {"work": "delivery", "hours": 10.0}]
    return {
        **noted,
        "backbones": [mandate],
        "time_of_backbones": hours,
        "awards": [{"by": even["parts"]}],
        "funding": [{"share": 0.2}],
        **other,
    }


async def judged(caller: Caller, gateway: Gateway, answers: dict[str, Any]) -> dict[str, bool | None]:
    """Which of the misperceptions hold where these are answered."""
    for service in ("members", "grants"):
        gateway.standins[service].body = json.dumps(answers).encode()
    answer = await caller.get("/v1/backbone/power")
    assert answer.status_code == 200, answer.text
    found = answer.json()["misperceptions"]
    assert all(each["because"] and each["statement"] == STATEMENTS[each["key"]] for each in found)
    return {each["key"]: each["holds"] for each in found}


def test_the_five_are_those_by_which_a_movement_judges_itself() -> None:
    elements = json.loads(SEED.read_text())["content"]["elements"]
    assert {each["key"]: each["description"] for each in elements} == STATEMENTS


@pytest.mark.parametrize(
    ("answers", "hold"),
    [
        ({}, set()),
        ({"agenda": parts((BACKBONE, 0.51), (None, 0.49))}, {"sets_the_agenda"}),
        ({"agenda": parts((BACKBONE, 0.5), (COUNCIL, 0.5))}, set()),
        ({"decisions": parts((BACKBONE, 0.6))}, {"drives_the_solutions"}),
        ({"roles": parts((BACKBONE, 0.6))}, {"drives_the_solutions"}),
        ({"programmes": parts((BACKBONE, 0.6))}, {"drives_the_solutions"}),
        ({"awards": [{"by": parts((None, 0.3), (BACKBONE, 0.3))["parts"]}]}, {"drives_the_solutions"}),
        ({"funding": [{"share": 0.1}, {"share": 0.9}]}, {"receives_all_the_funding"}),
        ({"time_of_backbones": [{"work": "delivery", "hours": 5.0}]}, {"business_as_usual"}),
        *(
            ({"backbones": [told()["backbones"][0] | way]}, {"self_appointed"})
            for way in ({"way": "self_appointed", "chosen_by": []}, {"chosen_by": [BACKBONE]})
        ),
        ({"backbones": [told()["backbones"][0] | {"chosen_by": [], "decided_by": "an assembly"}]}, set()),
    ],
)
@ON_ONE_DATABASE
async def test_each_is_true_or_false_by_its_figures(gateway: Gateway, answers: dict[str, Any], hold: set[str]) -> None:
    found = await judged(gateway.platform, gateway, told(**answers))
    assert found == {key: key in hold for key in STATEMENTS}


@ON_ONE_DATABASE
async def test_of_what_nobody_noted_nothing_is_said(gateway: Gateway) -> None:
    nothing = parts()
    empty = told(**dict.fromkeys(("agenda", "decisions", "roles", "programmes", "staff_time"), nothing))
    empty |= {"backbones": [], "time_of_backbones": [], "awards": [], "funding": []}
    assert await judged(gateway.platform, gateway, empty) == dict.fromkeys(STATEMENTS)
    nobody = told(backbones=[])  # shares are known, but not whose are the backbone's
    assert (await judged(gateway.platform, gateway, nobody))["sets_the_agenda"] is None


@ON_ONE_DATABASE
async def test_without_a_service_what_rests_on_it_is_open_and_the_rest_is_judged(gateway: Gateway) -> None:
    key = await gateway.key("overview:read")
    gateway.standins["grants"].status = 403
    found = await judged(key, gateway, told())
    assert found["receives_all_the_funding"] is None
    assert found["drives_the_solutions"] is None  # the awards may be all its own
    assert (found["sets_the_agenda"], found["business_as_usual"]) == (False, False)
    assert (await judged(key, gateway, told(roles=parts((BACKBONE, 0.9)))))["drives_the_solutions"] is True
    refused = await key.get("/v1/backbone/power", params={"require": "shares,funding"})
    assert (refused.status_code, refused.json()["code"]) == (503, "section_missing")
    gateway.standins["members"].body = b'{"shares": "of another shape"}'
    answer = await key.get("/v1/backbone/power")
    assert {each["holds"] for each in answer.json()["misperceptions"]} == {None}


@ON_ONE_DATABASE
async def test_it_is_of_the_days_that_are_asked_for(gateway: Gateway) -> None:
    days = {"since": "2025-12-31", "on": "2026-12-31"}
    assert (await gateway.platform.get("/v1/backbone/power", params=days)).status_code == 200
    asked = [each for standin in gateway.standins.values() for each in standin.asked]
    assert {each.path for each in asked} == {question.path for question in POWER.values()}
    assert {each.query for each in asked} == {"since=2025-12-31&on=2026-12-31"}
    assert (await gateway.platform.get("/v1/backbone/power", params={"on": "soon"})).status_code == 422
    assert (await (await gateway.key("people:read")).get("/v1/backbone/power")).status_code == 403


@pytest.mark.parametrize("share", [0, 1])
def test_the_share_that_counts_is_set_and_is_neither_nothing_nor_all(share: float) -> None:
    assert Settings().power_share == 0.5
    with pytest.raises(ValueError, match="power_share"):
        Settings(power_share=share)
