"""Frameworks: the standard ones are there from the start, a movement changes them, and every version stays."""

from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller

SIGNS = "/v1/frameworks/signs_of_success"
VALUES: Json = {
    "key": "our_values",
    "title": "Our values",
    "scale": [{"key": "said", "title": "Said"}, {"key": "lived", "title": "Lived"}],
    "elements": [{"key": "trust", "title": "Trust"}, {"key": "modesty", "title": "Modesty"}],
}


async def changed(caller: Caller, path: str, changes: Json, tag: str = "*", status: int = 200) -> Json:
    """Send an edit; what was answered."""
    answered = await caller.client.patch(path, json=changes, headers={"if-match": tag})
    assert answered.status_code == status, answered.text
    body: Json = answered.json()
    return body


@ON_ONE_DATABASE
async def test_every_movement_begins_with_what_the_founding_documents_name(measures: Caller) -> None:
    found = {each["key"]: each for each in await measures.every("/v1/frameworks", limit=3)}
    assert {key: len(each["elements"]) for key, each in found.items() if each["kind"] in ("list", "stages")} == {
        "backbone_functions": 6, "changes_sought": 5, "conditions": 4, "governance_roles": 5, "misperceptions": 5,
        "neighbourhood_activities": 5, "principles": 5, "signs_of_success": 8, "verbs": 3,
    }  # fmt: skip
    assert list(found) == sorted(found)
    assert [sign["title"] for sign in found["signs_of_success"]["elements"]] == [
        "Acting early", "Shifting control", "Bringing people together", "Collaborating widely", "Sharing power",
        "Changing culture", "Growing from local", "Building momentum",
    ]  # fmt: skip
    assert all(each["source"] and each["standard"] and each["changed_at"] is None for each in found.values())


@ON_ONE_DATABASE
async def test_governance_roles_are_what_was_read_off_the_slide(measures: Caller) -> None:
    roles = (await measures.get("/v1/frameworks/governance_roles"))["elements"]
    assert {role["key"]: (role["expected"]["early"], role["expected"]["later"]) for role in roles} == {
        "contracts": ("high", "low"),
        "oversight_of_funding": ("high", "high"),
        "brand": ("low", "high"),
        "impact_and_collective_strategy": ("low", "high"),
        "operational_risk": ("high", "medium"),
    }


async def test_a_standard_framework_that_is_changed_is_the_movements_own(measures: Caller, other: Caller) -> None:
    as_given = await measures.get(SIGNS)
    tag = (await measures.client.get(SIGNS)).headers["etag"]
    fewer = [*as_given["elements"][:2], {"key": "having_fun", "title": "Having fun"}]
    own = await changed(measures, SIGNS, {"elements": fewer}, tag)
    assert [sign["key"] for sign in own["elements"]] == ["acting_early", "shifting_control", "having_fun"]
    assert (own["version"], own["title"], own["standard"]) == (2, as_given["title"], True)
    assert await measures.get(SIGNS) == own
    assert (await changed(measures, SIGNS, {"title": "Signs"}, tag, 412))["code"] == "precondition_failed"
    listed = [each for each in await measures.every("/v1/frameworks", limit=4) if each["key"] == "signs_of_success"]
    assert listed == [own]
    assert await other.get(SIGNS) == as_given


async def test_every_version_can_be_read_as_it_was(measures: Caller) -> None:
    first = await measures.get(SIGNS, version=1)
    assert await measures.every(f"{SIGNS}/versions") == [first]
    second = await changed(measures, SIGNS, {"title": "Signs"}, '"1"')
    await changed(measures, SIGNS, {"description": ""}, '"2"')
    versions = await measures.every(f"{SIGNS}/versions", limit=1)
    assert [each["version"] for each in versions] == [1, 2, 3]
    assert versions[1] == await measures.get(SIGNS, version=2) == second
    assert versions[0] == first
    assert (await measures.refused(SIGNS, method="GET", version="4"))[0] == 404


async def test_a_movement_makes_frameworks_of_its_own(measures: Caller, other: Caller) -> None:
    made = await measures.post("/v1/frameworks", VALUES)
    assert (made["version"], made["standard"], made["kind"]) == (1, False, "list")
    assert await measures.get("/v1/frameworks/our_values") == made
    for key in ("our_values", "conditions"):
        assert (await measures.refused("/v1/frameworks", VALUES | {"key": key}))[1]["code"] == "key_taken"
    for path in ("", "/versions", "?version=1"):
        assert (await other.refused(f"/v1/frameworks/our_values{path}", method="GET"))[0] == 404
    await changed(other, "/v1/frameworks/our_values", {"title": "Theirs"}, status=404)
    assert "our_values" not in [each["key"] for each in await other.every("/v1/frameworks")]
    await other.post("/v1/frameworks", VALUES)


@ON_ONE_DATABASE
async def test_everything_that_is_wrong_with_a_framework_is_named_and_nothing_is_kept(measures: Caller) -> None:
    wrong = VALUES | {
        "kind": "stages",
        "scale": [*VALUES["scale"], {"key": "said", "title": "Said again"}],
        "stages": [{"key": "early", "title": "Early"}],
        "elements": [
            {"key": "trust", "title": "Trust", "expected": {"early": "felt", "late": "said"}},
            {"key": "trust", "title": "Trust again"},
        ],
    }
    status, problem = await measures.refused("/v1/frameworks", wrong)
    assert (status, faults(problem)) == (
        422,
        {
            "/scale/2/key": "key_repeated",
            "/elements/1/key": "key_repeated",
            "/elements/0/expected/early": "unknown_level",
            "/elements/0/expected/late": "unknown_stage",
        },
    )
    for kind, stages, code in (("stages", [], "no_stages"), ("list", wrong["stages"], "no_stages_here")):
        problem = (await measures.refused("/v1/frameworks", VALUES | {"kind": kind, "stages": stages}))[1]
        assert faults(problem) == {"/stages": code}
    assert (await measures.refused("/v1/frameworks", VALUES | {"elements": []}))[0] == 422
    assert (await measures.refused("/v1/frameworks/our_values", method="GET"))[0] == 404
    refused = await changed(measures, SIGNS, {"elements": [{"key": "a", "title": "A"}] * 2}, status=422)
    assert faults(refused) == {"/elements/1/key": "key_repeated"}
    assert (await measures.get(SIGNS))["version"] == 1
    assert (await measures.client.patch(SIGNS, json={"title": "Signs"})).status_code == 428


@ON_ONE_DATABASE
async def test_changes_are_told_without_words(measures: Caller) -> None:
    await measures.post("/v1/frameworks", VALUES)
    await changed(measures, "/v1/frameworks/our_values", {"title": "What we hold dear"})
    (made, first), (again, second) = await measures.published()
    assert made == again == "framework.changed"
    assert first["framework"] == second["framework"]
    assert [(told["name"], told["version"]) for told in (first, second)] == [("our_values", 1), ("our_values", 2)]
    assert "dear" not in str(second)
