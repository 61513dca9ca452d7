"""Programmes: what they are for, the backbone's dated roles in them, and the story that these tell."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.members.community.programmes.models import Programme, Role, RoleOverlaps, RolePeriod
from services.members.community.programmes.story import story
from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

DAYS = st.dates(date(2015, 1, 1), date(2015, 3, 1))


async def entered(members: Caller, name: str = "Daily Mile", **other: object) -> Json:
    lead = other.pop("lead", None) or await members.organisation("Active Gloucestershire")
    return await members.post("/v1/programmes", {"name": name, "lead": lead, "aims": "Every child moves.", **other})


async def begun(members: Caller, programme: Json, role: str, starts_on: str, **other: object) -> Json:
    return await members.post(
        f"/v1/programmes/{programme['id']}/roles", {"role": role, "starts_on": starts_on, **other}
    )


def role_id(programme: Json, role: str) -> str:
    return str(next(held["id"] for held in programme["roles"] if held["role"] == role))


async def test_a_programme_says_who_leads_it_and_what_it_is_aligned_to(members: Caller) -> None:
    made = await entered(
        members, functions=["build_public_will"], conditions=["common_agenda"], outcomes=["Children move daily"]
    )
    edit = {"functions": ["advance_policy", "build_public_will"], "outcomes": [], "ended_on": "2030-01-01"}
    path = f"/v1/programmes/{made['id']}"
    answered = await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})
    edited = answered.json()
    assert (edited["functions"], edited["conditions"], edited["outcomes"]) == (
        ["advance_policy", "build_public_will"],
        ["common_agenda"],
        [],
    )
    assert (edited["version"], edited["ended_on"]) == (2, "2030-01-01")
    assert (await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})).status_code == 412

    async def chosen(**by: str) -> int:
        return len((await members.get("/v1/programmes", **by))["data"])

    assert await chosen(function="advance_policy", condition="common_agenda", lead=made["lead"]) == 1
    assert await chosen(outcome="Children move daily") == await chosen(function="mobilise_funding") == 0


async def test_school_games_were_outsourced_and_the_daily_mile_became_a_recognition_scheme(members: Caller) -> None:
    games = await entered(members, "School games")
    await begun(members, games, "deliver", "2010-09-01", why="nobody else could yet")
    games = await begun(members, games, "bring_in_investment", "2012-01-01")
    ending = {"on": "2018-04-01", "why": "Outsourced."}
    games = await members.post(
        f"/v1/programmes/{games['id']}/roles/{role_id(games, 'deliver')}/end", ending, status=200
    )
    await begun(members, games, "commission", "2018-04-01")
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        told = await members.get(f"/v1/programmes/{games['id']}/story")
    assert [chapter["words"] for chapter in told["chapters"]] == [
        "From 1 September 2010 the backbone begins to deliver it (nobody else could yet).",
        "From 1 January 2012 the backbone begins to bring in investment.",
        "From 1 April 2018 the backbone no longer delivers it; it begins to commission it (Outsourced).",
    ]
    assert told["chapters"][-1]["roles"] == ["bring_in_investment", "commission"]
    assert told["now"] == "Today the backbone brings in investment and commissions it."


async def test_the_part_is_answered_as_of_any_day_and_a_role_ends_before_its_last_day(members: Caller) -> None:
    mile, school = await entered(members), await members.organisation("Cinderford Primary")
    await begun(members, mile, "deliver", "2015-09-01", ended_on="2019-09-01")
    await begun(members, mile, "recognise", "2019-09-01")
    part = {"organisation": school, "part": "Walks it.", "starts_on": "2016-01-01"}
    (partner,) = (await members.post(f"/v1/programmes/{mile['id']}/partners", part))["partners"]

    async def on(day: str) -> tuple[list[str], int]:
        shown = await members.get(f"/v1/programmes/{mile['id']}/part", on=day)
        return [held["role"] for held in shown["roles"]], len(shown["partners"])

    assert await on("2015-08-31") == ([], 0)
    assert await on("2019-08-31") == (["deliver"], 1)
    assert await on("2019-09-01") == (["recognise"], 1)
    ending = f"/v1/programmes/{mile['id']}/partners/{partner['id']}/end"
    await members.post(ending, {"on": "2019-09-01"}, status=200)
    assert await on("2019-09-01") == (["recognise"], 0)
    assert (await members.refused(ending, {"on": "2020-01-01"}))[1]["code"] == "ended_already"
    assert len((await members.get("/v1/programmes", role="deliver", on="2016-01-01"))["data"]) == 1
    assert (await members.get("/v1/programmes", role="deliver"))["data"] == []
    assert len((await members.get("/v1/programmes", partner=school, on="2016-01-01"))["data"]) == 1


async def test_the_same_role_is_never_held_twice_at_once_however_many_note_it(members: Caller) -> None:
    mile = await entered(members)
    body = {"role": "advise", "starts_on": "2020-01-01"}
    path = f"/v1/programmes/{mile['id']}/roles"
    answers = await asyncio.gather(*(members.client.post(path, json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    problem = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (problem["code"], problem["held_from"]) == ("role_overlaps", "2020-01-01")
    assert (await members.refused(path, body | {"starts_on": "2019-01-01"}))[0] == 409
    await begun(members, mile, "advise", "2019-01-01", ended_on="2020-01-01")
    await begun(members, mile, "train", "2020-01-01")


async def test_a_role_noted_by_mistake_is_struck_out_and_others_are_told(members: Caller) -> None:
    mile = await begun(members, await entered(members), "deliver", "2020-01-01")
    path = f"/v1/programmes/{mile['id']}/roles/{role_id(mile, 'deliver')}"
    answered = await members.client.delete(path)
    assert (answered.status_code, answered.json()["roles"]) == (200, [])
    assert (await members.client.delete(path)).status_code == 404
    told = await members.get(f"/v1/programmes/{mile['id']}/story")
    assert (told["chapters"], told["now"]) == ([], "Today the backbone has no part in it.")
    kinds = [kind for kind, _ in await members.published(mile["id"])]
    assert kinds == ["programme.role_begun", "programme.role_ended"]


async def test_what_cannot_be_is_refused_with_every_fault(members: Caller) -> None:
    unknown = {"name": "X", "lead": new_id("org"), "aims": "Y"}
    status, problem = await members.refused("/v1/programmes", unknown)
    assert (status, faults(problem)) == (422, {"/lead": "unknown_organisation"})
    mile = await begun(members, await entered(members), "deliver", "2020-01-01")
    ending = f"/v1/programmes/{mile['id']}/roles/{role_id(mile, 'deliver')}/end"
    status, problem = await members.refused(ending, {"on": "2020-01-01"})
    assert (status, faults(problem)) == (422, {"/on": "before_start"})
    assert (await members.refused(f"/v1/programmes/{mile['id']}/roles/{new_id('role')}/end", {}))[0] == 404


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("path", "said", "pointer"),
    [
        ("", {"name": "X", "lead": new_id("org"), "aims": "Y", "functions": ["run_everything"]}, "/functions/0"),
        ("", {"name": "X", "lead": "acme", "aims": "Y"}, "/lead"),
        ("/{}/roles", {"role": "lead", "starts_on": "2020-01-01"}, "/role"),
        ("/{}/roles", {"role": "deliver", "starts_on": "2020-01-01", "ended_on": "2020-01-01"}, ""),
        ("/{}/partners", {"organisation": new_id("org"), "starts_on": "2020-01-01"}, "/part"),
        ("/{}/tapers", {"what": "It.", "ends_on": "one day"}, "/ends_on"),
    ],
)
async def test_malformed_words_about_a_programme_are_named(
    members: Caller, path: str, said: Json, pointer: str
) -> None:
    status, problem = await members.refused(f"/v1/programmes{path.format(new_id('programme'))}", said)
    assert (status, list(faults(problem))) == (422, [pointer])


@given(st.lists(st.tuples(st.sampled_from([Role.DELIVER, Role.ADVISE]), DAYS, st.none() | DAYS), max_size=8))
def test_whatever_is_noted_no_day_has_a_role_twice_and_the_story_ends_where_the_record_does(
    noted: list[tuple[Role, date, date | None]],
) -> None:
    programme = Programme(ended_on=None)
    for role, starts_on, ended_on in noted:
        if ended_on is not None and ended_on <= starts_on:
            continue
        try:
            programme.check_free(role, starts_on, ended_on)
        except RoleOverlaps:
            continue
        programme.roles.append(RolePeriod(role=role, starts_on=starts_on, ended_on=ended_on))
    for day in (date.fromordinal(date(2015, 1, 1).toordinal() + number) for number in range(62)):
        held = [period.role for period in programme.roles_on(day)]
        assert len(held) == len(set(held))
    chapters = story(programme, date(2026, 1, 1)).chapters
    if programme.roles:
        assert set(chapters[-1].roles) == {period.role for period in programme.roles_on(date(2026, 1, 1))}
