"""Succession: an organisation ends, others go on in its place, and everything that it has passes on or ends."""

from datetime import date, timedelta

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
    tomorrow = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - any day that is surely to come
    assert faults((await refused(members, old, on=tomorrow))[1]) == {"/on": "in_the_future"}
    twice = [{"organisation": gone, "takes": ["parts"]}, {"organisation": theirs, "takes": ["parts"]}]
    assert faults((await refused(members, old, *twice))[1]) == {"/successors": "repeated"}
    assert (await members.get(f"/v1/organisations/{old}"))["ended_on"] is None


@ON_ONE_DATABASE
async def test_a_succession_cannot_be_undone_by_an_edit(members: Caller) -> None:
    gone = await organisation(members)
    await succeed(members, gone)
    path = f"/v1/organisations/{gone}"
    assert faults((await refused_change(members, path, {"ended_on": None}))[1]) == {"/ended_on": "extra_forbidden"}
    assert (await change(members, path, {"name": "Was"}))["ended_on"] == ON
