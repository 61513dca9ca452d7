"""Succession: an organisation ends, others go on in its place, and everything that it has passes on or ends."""

from datetime import UTC, datetime
from typing import NamedTuple

from fastapi import FastAPI

from services.members.engagement import due
from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change, refused_change
from tests.members.directory.test_affiliations import affiliate, organisation

ON = "2022-07-01"


async def succeed(members: Caller, ended: str, *successors: Json, on: str = ON) -> Json:
    path = f"/v1/organisations/{ended}/succession"
    answered = await members.client.post(path, json={"on": on, "successors": successors}, headers={"if-match": "*"})
    assert answered.status_code == 200, answered.text
    found: Json = answered.json()
    return found


async def refused(members: Caller, ended: str, *successors: Json, on: str = ON) -> tuple[int, Json]:
    answered = await members.client.post(
        f"/v1/organisations/{ended}/succession",
        json={"on": on, "successors": successors},
        headers={"if-match": "*"},
    )
    return answered.status_code, answered.json()


async def places(members: Caller, organisation: str) -> list[tuple[str, str | None, str | None, str | None]]:
    rows = (await members.get("/v1/affiliations", organisation=organisation))["data"]
    return [(row["person"], row["role"], row["started_on"], row["ended_on"]) for row in rows]


async def test_what_passes_on_goes_to_who_takes_it_and_the_rest_ends(members: Caller) -> None:
    ccg, icb, trust = [await organisation(members, name) for name in ("CCG", "ICB", "Trust")]
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    await affiliate(members, ada, ccg, role="director", started_on="2015-01-01")
    await affiliate(members, eve, ccg, role="nurse", started_on="2015-01-01")
    await affiliate(members, joan, ccg, role="director", ended_on="2020-01-01")
    part = await organisation(members, "Locality", parent=ccg)
    done = await succeed(
        members, ccg, {"organisation": icb, "takes": ["parts"], "roles": ["director"]}, {"organisation": trust}
    )
    assert done["passed_on"] == {"affiliations": 1, "parts": 1}
    assert done["ended"] == {"affiliations": 1}
    assert await places(members, icb) == [(ada, "director", ON, None)]
    assert await places(members, trust) == []
    assert await places(members, ccg) == [
        (ada, "director", "2015-01-01", ON),
        (eve, "nurse", "2015-01-01", ON),
        (joan, "director", None, "2020-01-01"),
    ]
    assert (await members.get(f"/v1/organisations/{part}"))["parent"] == icb


@ON_ONE_DATABASE
async def test_a_succeeded_id_answers_with_who_succeeded_it(members: Caller) -> None:
    ccg, icb = await organisation(members, "CCG"), await organisation(members, "ICB")
    done = await succeed(members, ccg, {"organisation": icb, "takes": ["affiliations"]})
    shown = await members.get(f"/v1/organisations/{ccg}")
    assert shown == done["organisation"]
    assert (shown["ended_on"], shown["succeeded_by"]) == (ON, [{"organisation": icb, "on": ON}])
    assert (await members.get(f"/v1/organisations/{icb}"))["succeeds"] == [{"organisation": ccg, "on": ON}]
    told = [event for event, _ in await members.published(ccg)]
    assert told == ["organisation.created", "organisation.ended", "organisation.succeeded", "organisation.updated"]
    assert ("organisation.succeeded", {"organisation": ccg, "successor": icb}) in await members.published(ccg)


@ON_ONE_DATABASE
async def test_a_role_that_is_held_in_the_successor_already_goes_on_there(members: Caller) -> None:
    old, new, person = await organisation(members), await organisation(members), await members.person()
    for place in (old, new):
        await affiliate(members, person, place, role="chair", started_on="2020-01-01")
    await succeed(members, old, {"organisation": new, "takes": ["affiliations"]})
    assert await places(members, new) == [(person, "chair", "2020-01-01", None)]
    assert await places(members, old) == [(person, "chair", "2020-01-01", ON)]


@ON_ONE_DATABASE
async def test_a_successor_that_was_a_part_does_not_become_a_part_of_itself(members: Caller) -> None:
    old = await organisation(members, "Old")
    new = await organisation(members, "New", parent=old)
    part = await organisation(members, "Part", parent=old)
    done = await succeed(members, old, {"organisation": new, "takes": ["parts"]})
    assert (done["passed_on"], done["ended"]) == ({"parts": 1}, {"parts": 1})
    assert (await members.get(f"/v1/organisations/{new}"))["parent"] is None
    assert (await members.get(f"/v1/organisations/{part}"))["parent"] == new


async def test_open_pledges_pass_on_or_are_released(members: Caller) -> None:
    old, new, gone = [await organisation(members, name) for name in ("Old", "New", "Gone")]
    kept, still = [
        (await members.post("/v1/pledges", {"organisation": old, "text": text}))["id"] for text in ("One", "Two")
    ]
    lost = (await members.post("/v1/pledges", {"organisation": gone, "text": "Three"}))["id"]
    await members.post(f"/v1/pledges/{kept}/keep", {}, status=200)
    assert (await succeed(members, old, {"organisation": new, "takes": ["pledges"]}))["passed_on"] == {"pledges": 1}
    assert (await succeed(members, gone, {"organisation": new}))["ended"] == {"pledges": 1}
    shown = {pledge["id"]: pledge for pledge in (await members.get("/v1/pledges"))["data"]}
    assert (shown[kept]["organisation"], shown[kept]["state"]) == (old, "kept")
    assert (shown[still]["organisation"], shown[still]["state"]) == (new, "made")
    assert (shown[lost]["organisation"], shown[lost]["state"]) == (gone, "released")


@ON_ONE_DATABASE
async def test_an_organisation_ends_once_and_nobody_joins_it_afterwards(members: Caller) -> None:
    gone, person = await organisation(members), await members.person()
    await succeed(members, gone)
    assert (await refused(members, gone))[1]["code"] == "organisation_ended"
    status, problem = await members.refused("/v1/affiliations", {"person": person, "organisation": gone})
    assert (status, problem["code"], problem["ended_on"]) == (409, "organisation_ended", ON)
    assert (await affiliate(members, person, gone, ended_on=ON))["ended_on"] == ON


@ON_ONE_DATABASE
async def test_every_successor_that_cannot_be_one_is_named_and_nothing_is_done(members: Caller, other: Caller) -> None:
    old, gone, theirs = await organisation(members), await organisation(members), await organisation(other)
    await succeed(members, gone)
    status, problem = await refused(
        members, old, {"organisation": old}, {"organisation": gone}, {"organisation": theirs}
    )
    assert (status, faults(problem)) == (
        422,
        {
            "/successors/0/organisation": "own_successor",
            "/successors/1/organisation": "organisation_ended",
            "/successors/2/organisation": "unknown_organisation",
        },
    )
    twice = [{"organisation": gone, "takes": ["parts"]}, {"organisation": theirs, "takes": ["parts"]}]
    assert faults((await refused(members, old, *twice))[1]) == {"/successors": "repeated"}
    assert (await members.get(f"/v1/organisations/{old}"))["ended_on"] is None


class Bodies(NamedTuple):
    """Ids: an organisation with a director, a nurse, a part and two pledges, and who goes on in its place."""

    old: str
    new: str
    part: str


async def with_everything(members: Caller) -> Bodies:
    old, new = await organisation(members, "Old"), await organisation(members, "New")
    for role in ("director", "nurse"):
        await affiliate(members, await members.person(role.title()), old, role=role, started_on="2015-01-01")
    await members.post("/v1/pledges", {"organisation": old, "text": "One"})
    await members.post("/v1/memberships", {"organisation": old, "state": "invited"})
    led = await members.post("/v1/programmes", {"name": "Daily Mile", "lead": old, "aims": "Every child moves."})
    spring = {"what": "Walk.", "starts_on": "2026-01-01", "ends_on": "2030-01-01"}
    await members.post("/v1/commitments", {"organisation": old, "programme": led["id"], **spring})
    return Bodies(old, new, await organisation(members, "Part", parent=old))


async def all_of_it(members: Caller, bodies: Bodies) -> list[Json]:
    """Everything that can pass on, but for how often it was edited."""
    rows: list[Json] = [*(await members.get("/v1/affiliations"))["data"], *(await members.get("/v1/pledges"))["data"]]
    for noun in ("memberships", "programmes", "commitments"):
        rows += (await members.get(f"/v1/{noun}"))["data"]
    rows += [await members.get(f"/v1/organisations/{each}") for each in bodies]
    return [{name: value for name, value in row.items() if name not in ("version", "updated_at")} for row in rows]


async def undone(members: Caller, organisation: str) -> tuple[int, Json]:
    path = f"/v1/organisations/{organisation}/succession"
    answered = await members.client.delete(path, headers={"if-match": "*"})
    return answered.status_code, answered.json()


TAKES: Json = {"takes": ["parts", "pledges", "commitments", "programmes"], "roles": ["director"]}


async def standing(members: Caller, bodies: Bodies) -> tuple[Json, Json, Json]:
    """The old organisation's membership, and the one programme and commitment that there are."""
    (membership,) = (await members.get("/v1/memberships", organisation=bodies.old))["data"]
    (programme,) = (await members.get("/v1/programmes"))["data"]
    (commitment,) = (await members.get("/v1/commitments"))["data"]
    return membership, programme, commitment


async def test_what_it_leads_and_has_taken_on_passes_on_and_its_membership_ends(members: Caller) -> None:
    bodies = await with_everything(members)
    done = await succeed(members, bodies.old, {"organisation": bodies.new, **TAKES})
    assert (done["passed_on"]["programmes"], done["passed_on"]["commitments"]) == (1, 1)
    assert done["ended"] == {"affiliations": 1, "membership": 1}
    membership, programme, commitment = await standing(members, bodies)
    assert (membership["organisation"], membership["state"]) == (bodies.old, "left")
    assert (programme["lead"], programme["ended_on"]) == (bodies.new, None)
    assert (commitment["organisation"], commitment["state"]) == (bodies.new, "under_way")
    told = dict(await members.published(bodies.new))
    assert told["commitment.passed_on"]["before"] == bodies.old


async def test_what_nobody_takes_ends_with_it(members: Caller) -> None:
    bodies = await with_everything(members)
    done = await succeed(members, bodies.old)
    assert done["ended"] == {kind: 2 if kind == "affiliations" else 1 for kind in done["ended"]}
    _, programme, commitment = await standing(members, bodies)
    assert (programme["lead"], programme["ended_on"]) == (bodies.old, ON)
    assert (commitment["state"], commitment["reason"]) == ("not_kept", "The organisation has ended.")


@ON_ONE_DATABASE
async def test_a_membership_passes_to_nobody(members: Caller) -> None:
    old, new = await organisation(members, "Old"), await organisation(members, "New")
    status, problem = await refused(members, old, {"organisation": new, "takes": ["membership"]})
    assert (status, faults(problem)) == (422, {"/successors/0/takes/0": "passes_to_nobody"})


async def test_an_end_that_lies_ahead_comes_about_on_its_day_where_the_movement_is(
    members: Caller, app: FastAPI
) -> None:
    with clock.frozen(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        bodies = await with_everything(members)
        before = await all_of_it(members, bodies)
        planned = await succeed(members, bodies.old, {"organisation": bodies.new, **TAKES}, on="2026-07-01")
        assert (planned["passed_on"], planned["ended"], planned["organisation"]["ended_on"]) == ({}, {}, "2026-07-01")
        assert planned["organisation"]["succeeded_by"] == [{"organisation": bodies.new, "on": "2026-07-01"}]
        assert (await refused(members, bodies.old))[1]["code"] == "organisation_ended"
    with clock.frozen(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)):  # a minute before midnight in London
        await due.look(app.state.parts)
        assert (await all_of_it(members, bodies))[:3] == before[:3]
        assert "organisation.ended" not in dict(await members.published(bodies.old))
    with clock.frozen(datetime(2026, 6, 30, 23, 1, tzinfo=UTC)):
        for _ in range(2):
            await due.look(app.state.parts)
        assert [place[3] for place in await places(members, bodies.old)] == ["2026-07-01"] * 2
        assert [place[1:] for place in await places(members, bodies.new)] == [("director", "2026-07-01", None)]
        assert (await members.get(f"/v1/organisations/{bodies.part}"))["parent"] == bodies.new
        assert [each["organisation"] for each in (await members.get("/v1/pledges"))["data"]] == [bodies.new]
    told = [event for event, _ in await members.published(bodies.old)]
    assert (told.count("organisation.ended"), told.count("organisation.succeeded")) == (1, 1)


@ON_ONE_DATABASE
async def test_an_end_that_lies_ahead_is_undone_without_a_trace(members: Caller, app: FastAPI) -> None:
    with clock.frozen(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        bodies = await with_everything(members)
        before = await all_of_it(members, bodies)
        await succeed(members, bodies.old, {"organisation": bodies.new, **TAKES}, on="2026-07-01")
        status, back = await undone(members, bodies.old)
        assert (status, back["ended_on"], back["succeeded_by"]) == (200, None, [])
    with clock.frozen(datetime(2026, 7, 2, 12, tzinfo=UTC)):
        await due.look(app.state.parts)
        assert await all_of_it(members, bodies) == before
    assert {"organisation.ended", "organisation.reinstated"} & {*dict(await members.published(bodies.old))} == set()


async def test_a_succession_that_is_undone_leaves_everything_as_it_was(members: Caller) -> None:
    for takes in (TAKES, {"takes": ["affiliations"]}):
        bodies = await with_everything(members)
        before = await all_of_it(members, bodies)
        await succeed(members, bodies.old, {"organisation": bodies.new, **takes})
        assert await all_of_it(members, bodies) != before
        assert (await undone(members, bodies.old))[0] == 200
        assert await all_of_it(members, bodies) == before
        assert [event for event, _ in await members.published(bodies.old)][-2:] == [
            "organisation.reinstated",
            "organisation.updated",
        ]
        status, problem = await undone(members, bodies.old)
        assert (status, problem["code"]) == (409, "not_ended")


@ON_ONE_DATABASE
async def test_what_was_edited_since_stays_where_it_is_when_a_succession_is_undone(members: Caller) -> None:
    bodies = await with_everything(members)
    await succeed(members, bodies.old, {"organisation": bodies.new, **TAKES})
    (onward,) = (await members.get("/v1/affiliations", organisation=bodies.new))["data"]
    await change(members, f"/v1/affiliations/{onward['id']}", {"role": "chief"})
    await change(members, f"/v1/organisations/{bodies.part}", {"parent": None})
    (pledge,) = (await members.get("/v1/pledges"))["data"]
    await members.post(f"/v1/pledges/{pledge['id']}/keep", {}, status=200)
    assert (await undone(members, bodies.old))[0] == 200
    assert [place[1] for place in await places(members, bodies.new)] == ["chief"]
    assert [place[3] for place in await places(members, bodies.old)] == [None, None]
    assert (await members.get(f"/v1/organisations/{bodies.part}"))["parent"] is None
    kept = await members.get(f"/v1/pledges/{pledge['id']}")
    assert (kept["state"], kept["organisation"]) == ("kept", bodies.new)


@ON_ONE_DATABASE
async def test_a_successor_that_has_ended_by_the_day_takes_nothing(members: Caller, app: FastAPI) -> None:
    with clock.frozen(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        bodies = await with_everything(members)
        await succeed(members, bodies.old, {"organisation": bodies.new, "takes": ["pledges"]}, on="2026-07-01")
        await succeed(members, bodies.new, on="2026-06-01")
    with clock.frozen(datetime(2026, 7, 2, 12, tzinfo=UTC)):
        await due.look(app.state.parts)
        (pledge,) = (await members.get("/v1/pledges"))["data"]
        assert (pledge["organisation"], pledge["state"]) == (bodies.old, "released")


@ON_ONE_DATABASE
async def test_a_succession_cannot_be_undone_by_an_edit(members: Caller) -> None:
    gone = await organisation(members)
    await succeed(members, gone)
    path = f"/v1/organisations/{gone}"
    assert faults((await refused_change(members, path, {"ended_on": None}))[1]) == {"/ended_on": "extra_forbidden"}
    assert (await change(members, path, {"name": "Was"}))["ended_on"] == ON
