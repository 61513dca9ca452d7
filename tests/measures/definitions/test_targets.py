"""Targets and baselines: what a figure is to become, held to its version like a figure."""

from shared.events.members.merging import OrganisationMerged
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.neighbours import Neighbours

FOREST, CUMBERLAND = "E07000080", "E06000063"


def target(version: str, **said: object) -> Json:
    return {"measure_version": version, "place": FOREST, "period": "2027/28", "value": 18.5} | said


async def test_a_target_is_set_read_changed_and_dropped(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    made = await measures.post("/v1/targets", target(version, why="Agreed in March"), status=201)
    assert (made["kind"], made["cell"], made["value"], made["period_start"]) == ("target", "all", 18.5, "2027-11-16")
    path = f"/v1/targets/{made['id']}"
    assert await measures.get(path) == made
    changed = await measures.client.patch(path, json={"value": "17.25"}, headers={"If-Match": '"1"'})
    assert (changed.json()["value"], changed.json()["why"], changed.json()["version"]) == (17.25, "Agreed in March", 2)
    assert (await measures.client.patch(path, json={"value": 1}, headers={"If-Match": '"1"'})).status_code == 412
    assert await measures.every("/v1/targets", measure_version=version, place=FOREST) == [changed.json()]
    assert (await measures.client.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert await measures.every("/v1/targets") == []
    told = [event for event, _ in await measures.published(made["id"])]
    assert told == ["target.set", "target.changed", "target.dropped"]


async def test_a_figure_has_one_target_and_one_baseline_of_each_partner(
    measures: Caller, neighbours: Neighbours
) -> None:
    await measures.places()
    _, version = await measures.version()
    partner = await neighbours.organisation(measures.movement)
    made = await measures.post("/v1/targets", target(version))
    status, problem = await measures.refused("/v1/targets", target(version, value=3))
    assert (status, problem["code"], problem["target"]) == (409, "target_exists", made["id"])
    theirs = await measures.post("/v1/targets", target(version, organisation=partner))
    other = await neighbours.organisation(measures.movement)
    merged = OrganisationMerged(organisation=partner, into=other, merge=new_id("merge"))
    await neighbours.tell(measures.movement, merged)
    assert (await measures.get(f"/v1/targets/{theirs['id']}"))["organisation"] == other
    assert (await measures.refused("/v1/targets", target(version, organisation=other)))[1]["target"] == theirs["id"]
    baseline = await measures.post("/v1/targets", target(version, kind="baseline", value=None))
    assert baseline["value"] is None
    await measures.post("/v1/targets", target(version, cell="sex=female"))


@ON_ONE_DATABASE
async def test_a_target_is_held_to_its_version_and_every_fault_is_named(measures: Caller, other: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    wrong = target(version, place="E07999999", period="2027-03", cell="sex:female", value=110)
    status, problem = await measures.refused("/v1/targets", wrong)
    assert (status, faults(problem)) == (
        422,
        {"/period": "invalid_period", "/place": "unknown_place", "/cell": "invalid_cell", "/value": "out_of_range"},
    )
    early = target(version, place=CUMBERLAND, period="2015/16")
    assert faults((await measures.refused("/v1/targets", early))[1]) == {"/place": "place_did_not_exist"}
    assert (await measures.refused("/v1/targets", target(version, value=None)))[0] == 422
    elsewhere = await other.refused("/v1/targets", target(version))
    assert faults(elsewhere[1]) == {"/measure_version": "unknown_version"}


@ON_ONE_DATABASE
async def test_a_negative_count_and_a_number_for_a_story_are_no_targets(measures: Caller) -> None:
    await measures.places()
    _, walks = await measures.version("walks", kind="flow", unit="walks")
    _, story = await measures.version("story", kind="narrative", unit="stories")
    assert faults((await measures.refused("/v1/targets", target(walks, value=-1)))[1]) == {"/value": "out_of_range"}
    refused = (await measures.refused("/v1/targets", target(story)))[1]
    assert faults(refused) == {"/measure_version": "not_a_number"}
