"""Affiliations: who belongs to which organisation, in what role, and from when until when."""

import pytest

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change, refused_change


async def organisation(members: Caller, name: str = "Walkers", **said: object) -> str:
    return str((await members.post("/v1/organisations", {"name": name, **said}))["id"])


async def affiliate(members: Caller, person: str, organisation: str, **said: object) -> Json:
    return await members.post("/v1/affiliations", {"person": person, "organisation": organisation, **said})


async def test_an_affiliation_holds_between_its_days(members: Caller) -> None:
    person, walkers = await members.person(), await organisation(members)
    made = await affiliate(members, person, walkers, role="trustee", started_on="2024-04-01", ended_on="2026-04-01")
    for on, found in (
        ("2024-03-31", []),
        ("2024-04-01", [made["id"]]),
        ("2026-03-31", [made["id"]]),
        ("2026-04-01", []),
    ):
        assert [row["id"] for row in (await members.get("/v1/affiliations", on=on))["data"]] == found
    for filters in ({"person": person}, {"organisation": walkers}, {"role": "trustee"}):
        assert (await members.get("/v1/affiliations", **filters))["data"] == [made]
    assert (await members.get("/v1/affiliations", role="driver"))["data"] == []
    told = {"affiliation": made["id"], "organisation": walkers, "person": person, "until": "2026-04-01"}
    assert await members.published(made["id"]) == [("affiliation.changed", told)]


async def test_a_role_is_had_once_at_a_time(members: Caller) -> None:
    person, walkers = await members.person(), await organisation(members)
    first = await affiliate(members, person, walkers, role="chair", ended_on="2025-01-01")
    await affiliate(members, person, walkers, role="driver")
    again = await affiliate(members, person, walkers, role="chair", started_on="2025-01-01")
    twin = {"person": person, "organisation": walkers, "role": "chair", "started_on": "2024-12-31"}
    status, problem = await members.refused("/v1/affiliations", twin)
    assert (status, problem["code"], problem["affiliation"]) == (409, "already_affiliated", first["id"])
    status, problem = await refused_change(members, f"/v1/affiliations/{again['id']}", {"started_on": None})
    assert (status, problem["code"]) == (409, "already_affiliated")
    assert await members.get(f"/v1/affiliations/{again['id']}") == again


@ON_ONE_DATABASE
async def test_an_affiliation_is_ended_and_one_that_never_was_is_removed(members: Caller) -> None:
    person, walkers = await members.person(), await organisation(members)
    path = f"/v1/affiliations/{(await affiliate(members, person, walkers, started_on='2025-01-01'))['id']}"
    ended = await change(members, path, {"ended_on": "2026-01-01", "role": "driver"}, tag='"1"')
    assert (ended["ended_on"], ended["role"], ended["version"]) == ("2026-01-01", "driver", 2)
    assert (await members.client.delete(path, headers={"if-match": '"1"'})).status_code == 412
    assert (await members.client.delete(path, headers={"if-match": '"2"'})).status_code == 204
    told = [payload["until"] for _, payload in await members.published(path.rpartition("/")[2])]
    assert told == [None, "2026-01-01", clock.now().date().isoformat()]
    assert (await members.client.get(path)).status_code == 404


@ON_ONE_DATABASE
async def test_an_affiliation_does_not_end_before_it_begins(members: Caller) -> None:
    person, walkers = await members.person(), await organisation(members)
    days = {"started_on": "2025-01-02", "ended_on": "2025-01-01"}
    status, problem = await members.refused("/v1/affiliations", {"person": person, "organisation": walkers, **days})
    assert (status, faults(problem)) == (422, {"/ended_on": "ends_before_it_begins"})


@ON_ONE_DATABASE
@pytest.mark.parametrize("unknown", ["person", "organisation"])
async def test_both_sides_are_of_the_movement(members: Caller, other: Caller, unknown: str) -> None:
    ours = {"person": await members.person(), "organisation": await organisation(members)}
    theirs = {"person": await other.person(), "organisation": await organisation(other)}
    status, problem = await members.refused("/v1/affiliations", ours | {unknown: theirs[unknown]})
    assert (status, faults(problem)) == (422, {f"/{unknown}": f"unknown_{unknown}"})
    made = await affiliate(other, theirs["person"], theirs["organisation"])
    assert (await members.get("/v1/affiliations"))["data"] == []
    assert (await members.client.get(f"/v1/affiliations/{made['id']}")).status_code == 404


@ON_ONE_DATABASE
async def test_an_unknown_affiliation_is_404(members: Caller) -> None:
    assert (await members.client.get(f"/v1/affiliations/{new_id('affiliation')}")).status_code == 404
