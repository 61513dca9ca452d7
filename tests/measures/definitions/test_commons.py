"""The commons: published definitions are everybody's to read, to take as they are, and to fork."""

from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import PERCENT, Caller, rows
from tests.measures.definitions.test_declarations import DECLARED


async def successor(measures: Caller, measure: str, **said: object) -> str:
    """A version published after another."""
    version = (await measures.post(f"/v1/measures/{measure}/versions", PERCENT | said))["id"]
    await measures.post(f"/v1/measures/{measure}/versions/{version}/publish")
    return str(version)


async def test_published_versions_are_everybodys_to_read_and_drafts_are_not(measures: Caller, other: Caller) -> None:
    measure, version = await measures.version()
    draft = (await measures.post(f"/v1/measures/{measure}/versions", PERCENT))["id"]
    shared = await other.get(f"/v1/commons/{version}")
    assert (shared["measure"], shared["version"]["id"], shared["here"]) == (measure, version, False)
    assert measures.movement not in (await other.client.get("/v1/commons")).text
    assert [each["version"]["id"] for each in await other.every("/v1/commons", q="INACTIVE")] == [version]
    assert await other.every("/v1/commons", q="nothing like it") == []
    assert (await measures.get(f"/v1/commons/{version}"))["here"]
    for path in (f"/v1/commons/{draft}", f"/v1/measures/{measure}"):
        assert (await other.refused(path, method="GET"))[0] == 404


async def test_a_version_that_is_taken_means_the_same_in_both_movements(measures: Caller, other: Caller) -> None:
    await measures.places()
    measure, first = await measures.version()
    second = await successor(measures, measure, comparability="same")
    await successor(measures, measure)
    taken = await other.post(f"/v1/commons/{second}/take", {})
    assert (taken["here"], taken["version"]["id"]) == (True, second)
    assert await other.post(f"/v1/commons/{second}/take", {}) == taken
    assert [each["id"] for each in await other.every(f"/v1/measures/{measure}/versions")] == [first, second]
    assert (await other.get(f"/v1/measures/{measure}"))["taken"]
    await measures.figures(second, rows("E07000080,2015/16,21.2"))
    await other.figures(second, rows("E07000080,2015/16,30.5"))
    assert [point["value"] for point in await other.points(measure)] == [30.5]
    assert [point["value"] for point in await measures.points(measure, version=second)] == [21.2]
    adoption = await other.post("/v1/adoptions", {"measure_version": second, "starts_on": "2020-01-01"})
    assert adoption["measure_version"] == second
    assert await other.published(measure) == []
    assert next(event for event, _ in await other.published()) == "measure_version.taken"
    assert len(await other.every("/v1/commons")) == 3  # a copy is not shared a second time


@ON_ONE_DATABASE
async def test_only_those_whose_it_is_change_what_was_taken(measures: Caller, other: Caller) -> None:
    measure, version = await measures.version()
    await other.post(f"/v1/commons/{version}/take", {})
    path = f"/v1/measures/{measure}"
    edited = await other.client.patch(path, json={"title": "Ours now"}, headers={"If-Match": "*"})
    assert (edited.status_code, edited.json()["code"]) == (409, "not_yours")
    for action in ("versions", f"versions/{version}/publish", f"versions/{version}/propose"):
        assert (await other.refused(f"{path}/{action}", PERCENT))[1]["code"] == "not_yours", action
    await measures.client.patch(path, json={"title": "Better named"}, headers={"If-Match": "*"})
    newer = await successor(measures, measure)
    await other.post(f"/v1/commons/{newer}/take", {})
    assert (await other.get(path))["title"] == "Better named"


@ON_ONE_DATABASE
async def test_a_key_that_is_in_use_is_taken_under_another(measures: Caller, other: Caller) -> None:
    _, version = await measures.version()
    await other.version()
    status, problem = await other.refused(f"/v1/commons/{version}/take", {})
    assert (status, problem["code"]) == (409, "key_taken")
    await other.post(f"/v1/commons/{version}/take", {"key": "their_inactive_adults"})
    assert len(await other.every("/v1/measures", key="their_inactive_adults")) == 1


async def test_a_fork_is_a_measure_of_ones_own_that_says_what_it_came_from(measures: Caller, other: Caller) -> None:
    measure, _ = await measures.version()
    version = await successor(measures, measure, **DECLARED)
    fork = await other.post(f"/v1/commons/{version}/fork", {"key": "inactive_residents"}, status=201)
    assert (fork["forked_from"], fork["title"], fork["taken"]) == (version, "Inactive adults", False)
    draft: Json = (await other.every(f"/v1/measures/{fork['id']}/versions"))[0]
    alone = {"status": "draft", "comparability": None, "bridge_note": ""}
    assert (DECLARED | alone).items() <= draft.items()
    assert (await other.published(fork["id"]))[0][1] == {"measure": fork["id"], "forked_from": version}
    again = await other.refused(f"/v1/commons/{version}/fork", {"key": "inactive_residents"})
    assert (again[0], again[1]["code"]) == (409, "key_taken")


@ON_ONE_DATABASE
async def test_versions_compare_as_well_as_the_weakest_link_between_them(measures: Caller) -> None:
    measure, first = await measures.version()
    same = await successor(measures, measure, comparability="same")
    bridged = await successor(measures, measure, comparability="bridged", bridge_note="Asked online now")
    broken = await successor(measures, measure)
    last = await successor(measures, measure, comparability="same")

    async def compared(one: str, other: str) -> tuple[str, list[str], str | None]:
        found = await measures.get(f"/v1/measures/{measure}/versions/{one}/comparability", other=other)
        return found["verdict"], found["notes"], found["broken_by"]

    assert await compared(first, first) == ("same", [], None)
    assert await compared(first, same) == ("same", [], None)
    assert await compared(bridged, first) == await compared(first, bridged) == ("bridged", ["Asked online now"], None)
    assert await compared(first, last) == ("break", [], broken)
    newest = await measures.get(f"/v1/measures/{measure}/versions/{broken}/comparability")
    assert newest["verdict"] == "same"
    draft = (await measures.post(f"/v1/measures/{measure}/versions", PERCENT))["id"]
    path = f"/v1/measures/{measure}/versions/{draft}/comparability"
    assert (await measures.refused(path, method="GET"))[1]["code"] == "version_not_published"
