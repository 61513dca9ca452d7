"""Mandates: who chose the backbone, until when, and what partners make of it each year."""

import asyncio
from datetime import UTC, datetime

import pytest

from shared import clock
from shared.testing.caller import Json, faults
from tests.members.caller import Caller

NOON = {year: datetime(year, 5, 1, 12, tzinfo=UTC) for year in range(2024, 2029)}
YEARS = {"starts_on": "2024-04-01", "ends_on": "2027-01-01"}


async def given(members: Caller, **other: object) -> Json:
    backbone = other.pop("organisation", None) or await members.organisation("Active Gloucestershire")
    body = {"organisation": backbone, "remit": "Bring partners together.", "way": "vote", **YEARS, **other}
    if body["way"] != "self_appointed":
        body.setdefault("decided_by", "a meeting of 23 partners")
    return await members.post("/v1/mandates", body)


async def reviewed(members: Caller, mandate: Json, partner: str, verdict: str = "go_on", **other: object) -> Json:
    body = {"organisation": partner, "verdict": verdict, "words": "They listen.", **other}
    return await members.post(f"/v1/mandates/{mandate['id']}/reviews", body)


async def test_a_mandate_says_who_gave_it_how_and_until_when(members: Caller) -> None:
    council, walkers = await members.organisation("Council"), await members.organisation("Walkers")
    with clock.frozen(NOON[2024]):
        made = await given(members, chosen_by=[council, walkers, council], way="consensus")
        assert (made["way"], made["state"], made["review_due_on"]) == ("consensus", "in_force", "2025-04-01")
        assert sorted(made["chosen_by"]) == sorted([council, walkers])
        assert (await members.get("/v1/mandates", on="2024-03-31"))["data"] == []
        assert len((await members.get("/v1/mandates", on="2026-12-31"))["data"]) == 1
    with clock.frozen(NOON[2027]):
        assert (await members.get(f"/v1/mandates/{made['id']}"))["state"] == "ended"


async def test_partners_review_it_once_a_year_and_it_says_which_year_nobody_has_reviewed(members: Caller) -> None:
    council, walkers = await members.organisation("Council"), await members.organisation("Walkers")
    with clock.frozen(NOON[2024]):
        mandate = await given(members)
        once = await reviewed(members, mandate, council)
        assert [(each["year"], each["verdict"]) for each in once["reviews"]] == [(1, "go_on")]
        body = {"organisation": council, "verdict": "change", "words": "Else."}
        status, problem = await members.refused(f"/v1/mandates/{mandate['id']}/reviews", body)
        assert (status, problem["code"], problem["review"]) == (409, "reviewed_already", once["reviews"][0]["id"])
        assert once["review_due_on"] == "2026-04-01"
    with clock.frozen(NOON[2026]):
        await reviewed(members, mandate, council, "hand_over")
        late = await reviewed(members, mandate, walkers, on="2025-06-01")
        assert [each["year"] for each in late["reviews"]] == [1, 3, 2]
        assert late["review_due_on"] is None


async def test_a_mandate_ends_before_its_time_and_another_follows(members: Caller) -> None:
    with clock.frozen(NOON[2025]):
        mandate = await given(members)
        path = f"/v1/mandates/{mandate['id']}/end"
        again = {"organisation": mandate["organisation"], "starts_on": "2025-06-01", "ends_on": "2028-01-01"}
        status, problem = await members.refused("/v1/mandates", again | {"remit": "More.", "way": "inherited"}
                                                | {"decided_by": "the board"})  # fmt: skip
        assert (status, problem["code"], problem["mandate"]) == (409, "mandate_overlaps", mandate["id"])
        _, problem = await members.refused(path, {"why": "It stepped back.", "on": "2024-04-01"})
        assert faults(problem) == {"/on": "before_start"}
        ended = await members.post(path, {"why": "It stepped back."}, status=200)
        assert (ended["ends_on"], ended["ended_why"], ended["state"]) == ("2025-05-01", "It stepped back.", "ended")
        assert (await members.refused(path, {"why": "Once more."}))[1]["code"] == "ended_already"
        await given(members, **again)


async def test_one_body_is_the_backbone_once_at_a_time_however_many_note_it(members: Caller) -> None:
    backbone = await members.organisation()
    body = {"organisation": backbone, "remit": "All.", "way": "self_appointed", **YEARS}
    answers = await asyncio.gather(*(members.client.post("/v1/mandates", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"ends_on": None}, {"/ends_on": "missing"}),
        ({"ends_on": "2024-04-01"}, {"": "before_start"}),
        ({"decided_by": None}, {"": "chosen_by_nobody"}),
        ({"chosen_by": ["org_01j5x3m0e8f7v9q2k4t6w8y0ab"]}, {"/chosen_by/0": "unknown_organisation"}),
    ],
)
async def test_a_bad_mandate_is_refused(members: Caller, wrong: Json, found: Json) -> None:
    body: Json = {"remit": "All.", "way": "vote", "decided_by": "us", **YEARS}
    body["organisation"] = await members.organisation()
    sent = {name: value for name, value in (body | wrong).items() if value is not None}
    status, problem = await members.refused("/v1/mandates", sent)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get("/v1/mandates"))["data"] == []


async def test_a_review_is_of_a_day_of_the_mandate_that_has_been(members: Caller) -> None:
    with clock.frozen(NOON[2024]):
        mandate, partner = await given(members), await members.organisation("Council")
        for on, code in (("2024-03-31", "outside"), ("2024-06-01", "in_the_future")):
            body = {"organisation": partner, "verdict": "go_on", "words": "x", "on": on}
            _, problem = await members.refused(f"/v1/mandates/{mandate['id']}/reviews", body)
            assert faults(problem) == {"/on": code}


async def test_another_movements_mandate_is_unknown_here(members: Caller, other: Caller) -> None:
    theirs = await given(other)
    assert (await members.get("/v1/mandates"))["data"] == []
    path = f"/v1/mandates/{theirs['id']}"
    assert (await members.client.get(path)).status_code == 404
    review = {"organisation": await members.organisation(), "verdict": "go_on", "words": "x"}
    assert (await members.refused(f"{path}/reviews", review))[0] == 404
    assert (await members.refused(f"{path}/end", {"why": "x"}))[0] == 404
