"""Staff time: who gives how much to what, corrected, ended, and passed on where an organisation ends."""

import pytest

from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import edit
from tests.members.directory.test_succession import succeed

NOBODY = "org_01j5x3m0e8f7v9q2k4t6w8y0ab"
ADVANCE = {"work": "advance_policy", "hours_a_week": 37.5, "starts_on": "2026-01-01"}


async def noted(members: Caller, organisation: str, **other: object) -> Json:
    return await members.post("/v1/staff-time", {"organisation": organisation, **ADVANCE, **other})


async def test_it_is_noted_corrected_ended_and_found(members: Caller) -> None:
    council = await members.organisation("Council")
    made = await noted(members, council, what="two officers, on loan")
    path = f"/v1/staff-time/{made['id']}"
    changed = await edit(members, path, {"hours_a_week": 7.25, "what": None}, method="PATCH", tag='"1"')
    assert (changed["hours_a_week"], changed["what"], changed["version"]) == (7.25, None, 2)
    assert (await members.client.patch(path, json={"what": "x"}, headers={"If-Match": '"1"'})).status_code == 412
    _, problem = await members.refused(f"{path}/end", {"on": "2026-01-01"})
    assert faults(problem) == {"/on": "before_start"}
    ended = await members.post(f"{path}/end", {"on": "2026-03-01"}, status=200)
    assert (await members.refused(f"{path}/end", {}))[1]["code"] == "ended_already"
    await noted(members, await members.organisation("Walkers"), work="delivery")
    for chosen in (
        {"organisation": council},
        {"work": "advance_policy"},
        {"on": "2026-02-28", "work": ADVANCE["work"]},
    ):
        assert (await members.get("/v1/staff-time", **chosen))["data"] == [ended]
    assert [each["work"] for each in (await members.get("/v1/staff-time", on="2026-03-01"))["data"]] == ["delivery"]
    assert [name for name, _ in await members.published(made["id"])] == ["staff_time.noted", "staff_time.ended"]


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"organisation": NOBODY}, {"/organisation": "unknown_organisation"}),
        ({"work": "tea"}, {"/work": "enum"}),
        ({"hours_a_week": 0}, {"/hours_a_week": "greater_than"}),
        ({"hours_a_week": 7.1}, {"/hours_a_week": "multiple_of"}),
        ({"ended_on": "2026-01-01"}, {"": "before_start"}),
    ],
)
@ON_ONE_DATABASE
async def test_what_is_wrong_is_refused_and_named(members: Caller, wrong: Json, found: dict[str, str]) -> None:
    body = {"organisation": await members.organisation(), **ADVANCE, **wrong}
    status, problem = await members.refused("/v1/staff-time", body)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get("/v1/staff-time"))["data"] == []


@ON_ONE_DATABASE
async def test_another_movements_is_not_there(members: Caller, other: Caller) -> None:
    theirs = await noted(other, await other.organisation())
    path = f"/v1/staff-time/{theirs['id']}"
    assert (await members.get("/v1/staff-time"))["data"] == []
    assert (await members.client.get(path)).status_code == 404
    assert (await members.refused(f"{path}/end", {}))[0] == 404
    assert (await members.get("/v1/control/shares"))["staff_time"] == {"amount": 0.0, "parts": []}


@ON_ONE_DATABASE
async def test_it_passes_on_or_ends_with_the_organisation_and_comes_back(members: Caller) -> None:
    old, new = await members.organisation("CCG"), await members.organisation("ICB")
    time = (await noted(members, old, starts_on="2020-01-01"))["id"]
    passed = await succeed(members, old, {"organisation": new, "takes": ["staff_time"]})
    assert passed["passed_on"] == {"staff_time": 1}
    assert (await members.get(f"/v1/staff-time/{time}"))["organisation"] == new
    await edit(members, f"/v1/organisations/{old}/succession", method="DELETE")
    assert (await members.get(f"/v1/staff-time/{time}"))["organisation"] == old
    assert (await succeed(members, old))["ended"] == {"staff_time": 1}
    assert (await members.get(f"/v1/staff-time/{time}"))["ended_on"] is not None
    await edit(members, f"/v1/organisations/{old}/succession", method="DELETE")
    assert (await members.get(f"/v1/staff-time/{time}"))["ended_on"] is None
