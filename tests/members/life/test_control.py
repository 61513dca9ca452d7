"""Control moved: what passed from whom to whom, since when, and what was taken back."""

import pytest

from shared.testing.caller import Json, faults
from tests.members.caller import Caller

NOBODY = "org_01j5x3m0e8f7v9q2k4t6w8y0ab"


async def moved(members: Caller, **other: object) -> Json:
    body: Json = {"kind": "service", "what": "the walks", "to": {"words": "the residents of Dale Street"}}
    body |= {"since": "2025-04-01", **other}
    if "from" not in body:
        body["from"] = {"organisation": await members.organisation("Council")}
    return await members.post("/v1/control", body)


def money(amount: str, currency: str = "GBP") -> Json:
    return {"amount": amount, "currency": currency}


async def test_a_move_is_noted_corrected_and_found_by_either_side(members: Caller) -> None:
    council, action = await members.organisation("Council"), await members.organisation("Action Together")
    made = await moved(
        members,
        **{"kind": "budget", "from": {"organisation": council}, "to": {"organisation": action}},
        worth=money("60000.00"),
    )
    assert (made["from"], made["to"]["organisation"]) == ({"organisation": council, "words": None}, action)
    path = f"/v1/control/{made['id']}"
    edit = {"evidence": "minutes of 3 May"}
    changed = await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["evidence"]) == (200, "minutes of 3 May")
    assert (await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})).status_code == 412
    await moved(members)
    for chosen in ({"from_organisation": council}, {"to_organisation": action}, {"kind": "budget"}):
        assert [each["id"] for each in (await members.get("/v1/control", **chosen))["data"]] == [made["id"]]


async def test_what_was_taken_back_counts_as_moved_until_then(members: Caller) -> None:
    for amount, currency in (("500.00", "GBP"), ("250.00", "GBP"), ("90.00", "EUR")):
        await moved(members, kind="budget", worth=money(amount, currency))
    seat = await moved(members, kind="seat", since="2025-01-01")
    path = f"/v1/control/{seat['id']}/take-back"
    _, problem = await members.refused(path, {"why": "The board grew.", "on": "2025-01-01"})
    assert faults(problem) == {"/on": "before_start"}
    _, problem = await members.refused(path, {"why": "The board grew.", "on": "2999-01-01"})
    assert faults(problem) == {"/on": "in_the_future"}
    back = await members.post(path, {"why": "The board grew.", "on": "2025-09-01"}, status=200)
    assert (back["taken_back_on"], back["taken_back_why"]) == ("2025-09-01", "The board grew.")
    assert (await members.refused(path, {"why": "Again."}))[1]["code"] == "taken_back_already"

    async def summed(on: str) -> dict[str, tuple[int, int]]:
        kinds = (await members.get("/v1/control/summary", on=on))["kinds"]
        assert [each["kind"] for each in kinds] == ["budget", "building", "seat", "strategy", "service"]
        return {each["kind"]: (each["moved"], each["taken_back"]) for each in kinds if each["moved"]}

    assert await summed("2025-03-31") == {"seat": (1, 0)}
    assert await summed("2025-12-31") == {"budget": (3, 0), "seat": (1, 1)}
    (budgets, *_) = (await members.get("/v1/control/summary"))["kinds"]
    assert budgets["worth"] == [money("90.00", "EUR"), money("750.00")]
    assert len((await members.get("/v1/control", on="2025-12-31"))["data"]) == 3


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"to": {"words": "a"}, "from": {"words": "a"}}, {"": "same_body"}),
        ({"to": {}}, {"/to": "one_of"}),
        ({"worth": money("5.00")}, {"": "no_budget"}),
        ({"to": {"organisation": NOBODY}}, {"/to/organisation": "unknown_organisation"}),
        ({"since": "2999-01-01"}, {"/since": "in_the_future"}),
    ],
)
async def test_a_bad_move_is_refused(members: Caller, wrong: Json, found: Json) -> None:
    body = {"kind": "seat", "what": "a seat", "from": {"words": "us"}, "to": {"words": "them"}, "since": "2025-01-01"}
    status, problem = await members.refused("/v1/control", body | wrong)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get("/v1/control"))["data"] == []


async def test_another_movements_moves_are_unknown_here(members: Caller, other: Caller) -> None:
    theirs = await moved(other)
    assert (await members.get("/v1/control"))["data"] == []
    assert (await members.client.get(f"/v1/control/{theirs['id']}")).status_code == 404
    assert (await members.refused(f"/v1/control/{theirs['id']}/take-back", {"why": "x"}))[0] == 404
    summary = await members.get("/v1/control/summary")
    assert all(each["moved"] == 0 for each in summary["kinds"])
