"""Recognition: a scheme with its criteria, given to a person or an organisation, until when."""

import asyncio
from datetime import UTC, datetime

import pytest

from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import edit

GIVEN = "/v1/recognitions"
DAILY_MILE: Json = {"name": "Daily Mile school", "criteria": ["Every class goes out on three days."], "months": 12}


async def scheme(members: Caller, **other: object) -> str:
    return str((await members.post(f"{GIVEN}/schemes", DAILY_MILE | other))["id"])


async def given(members: Caller, by: str, organisation: str | None = None, **other: object) -> Json:
    organisation = organisation or await members.organisation("Matson Primary")
    body = {"scheme": by, "organisation": organisation, "evidence": "Seen on a visit.", **other}
    return await members.post(GIVEN, body)


async def test_a_recognition_holds_for_the_months_of_its_scheme_and_is_renewed_after(members: Caller) -> None:
    with clock.frozen(datetime(2026, 5, 10, 12, tzinfo=UTC)):
        by = await scheme(members)
        first = await given(members, by, given_on="2025-02-28")
        assert (first["until"], first["state"], first["criteria"]) == (
            "2026-02-27", "expired", DAILY_MILE["criteria"],
        )  # fmt: skip
        school = first["organisation"]
        status, problem = await members.refused(
            GIVEN, {"scheme": by, "organisation": school, "evidence": "Again.", "given_on": "2026-02-27"}
        )
        assert (status, problem["code"], problem["recognition"]) == (409, "recognised_already", first["id"])
        second = await given(members, by, school, given_on="2026-02-28", until="2026-12-31")
        assert (second["state"], second["until"]) == ("in_force", "2026-12-31")
        for chosen, ids in (
            ({"on": "2026-02-27"}, [first["id"]]),
            ({"on": "2026-03-01"}, [second["id"]]),
            ({"scheme": by, "organisation": school}, [first["id"], second["id"]]),
        ):
            assert [row["id"] for row in (await members.get(GIVEN, **chosen))["data"]] == ids
    about = {"recognition": first["id"], "scheme": by}
    assert await members.published(first["id"]) == [("recognition.given", about)]


async def test_of_many_given_at_once_one_is(members: Caller) -> None:
    by, school = await scheme(members, months=None), await members.organisation()
    body = {"scheme": by, "organisation": school, "evidence": "Seen."}
    answers = await asyncio.gather(*(members.client.post(GIVEN, json=body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


@ON_ONE_DATABASE
async def test_a_recognition_that_ended_may_be_given_anew(members: Caller) -> None:
    by = await scheme(members, months=None)
    first = await given(members, by, given_on="2026-01-01")
    path = f"{GIVEN}/{first['id']}/end"
    _, problem = await members.refused(path, {"why": "The school closed.", "on": "2025-12-31"})
    assert faults(problem) == {"/on": "before_start"}
    ended = await members.post(path, {"why": "They stopped.", "on": "2026-03-01"}, status=200)
    assert (ended["state"], ended["ended_on"], ended["ended_why"]) == ("ended", "2026-03-01", "They stopped.")
    assert (await members.refused(path, {"why": "Again."}))[1]["code"] == "ended_already"
    assert (await given(members, by, first["organisation"], given_on="2026-03-01"))["state"] == "in_force"
    assert (await members.get(GIVEN, on="2026-02-28"))["data"][0]["id"] == first["id"]


@ON_ONE_DATABASE
async def test_a_scheme_changes_from_now_on_and_closes(members: Caller) -> None:
    by = await scheme(members)
    first, path = await given(members, by), f"{GIVEN}/schemes/{by}"
    changed = await edit(members, path, {"criteria": ["Four days."], "months": None}, method="PATCH", tag='"1"')
    assert (changed["criteria"], changed["months"]) == (["Four days."], None)
    await edit(members, path, {}, method="PATCH", tag='"1"', status=412)
    assert (await members.get(f"{GIVEN}/{first['id']}"))["criteria"] == DAILY_MILE["criteria"]
    assert (await given(members, by))["until"] is None
    await edit(members, f"{path}/close")
    for late in (f"{path}/close", path):
        method = "POST" if late.endswith("close") else "PATCH"
        assert (await edit(members, late, {}, method=method, status=409))["code"] == "scheme_closed"
    body = {"scheme": by, "organisation": await members.organisation(), "evidence": "Seen."}
    assert (await members.refused(GIVEN, body))[1]["code"] == "scheme_closed"
    assert [row["id"] for row in (await members.get(f"{GIVEN}/schemes"))["data"]] == [by]


@ON_ONE_DATABASE
async def test_a_bad_recognition_is_refused(members: Caller) -> None:
    by, ada = await scheme(members), await members.person()
    for wrong, found in (
        ({"person": None}, {"": "one_of"}),
        ({"scheme": "scheme_01j5x3m0e8f7v9q2k4t6w8y0ab", "given_on": "2999-01-01"},
         {"/scheme": "unknown_scheme", "/given_on": "in_the_future"}),
        ({"until": "2020-01-01"}, {"/until": "before_start"}),
    ):  # fmt: skip
        status, problem = await members.refused(GIVEN, {"scheme": by, "person": ada, "evidence": "Seen."} | wrong)
        assert (status, faults(problem)) == (422, found)
    _, problem = await members.refused(f"{GIVEN}/schemes", DAILY_MILE | {"criteria": [], "months": 0})
    assert faults(problem) == {"/criteria": "too_short", "/months": "greater_than_equal"}
    assert (await members.get(GIVEN))["data"] == []


@ON_ONE_DATABASE
async def test_no_child_is_recognised_by_name(members: Caller) -> None:
    kim = await members.person("Kim", age_band="13_to_15")
    body = {"scheme": await scheme(members), "person": kim, "evidence": "Seen."}
    assert (await members.refused(GIVEN, body))[1]["code"] == "not_for_children"


@ON_ONE_DATABASE
@pytest.mark.parametrize("act", ["end", "close"])
async def test_another_movements_recognition_is_unknown_here(members: Caller, other: Caller, act: str) -> None:
    by = await scheme(other)
    theirs = await given(other, by)
    for path in (GIVEN, f"{GIVEN}/schemes"):
        assert (await members.get(path))["data"] == []
    path = f"{GIVEN}/schemes/{by}" if act == "close" else f"{GIVEN}/{theirs['id']}"
    assert (await members.client.get(path)).status_code == 404
    await edit(members, f"{path}/{act}", {"why": "x"} if act == "end" else None, status=404)
    body = {"scheme": by, "organisation": await members.organisation(), "evidence": "Seen."}
    assert faults((await members.refused(GIVEN, body))[1]) == {"/scheme": "unknown_scheme"}
