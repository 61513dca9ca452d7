"""Assessments: judged by somebody, on evidence; blank is not zero, and what is rolled up is a spread."""

from datetime import timedelta

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.frameworks.test_frameworks import changed
from tests.neighbours import nobody

SEEN: Json = {"kind": "observation", "words": "Residents chose the dance class"}
LEVELS = ("not_yet", "beginning", "growing", "established")


def found(element: str, level: str | None, *evidence: Json) -> Json:
    """A finding."""
    return {"element": element, "level": level, "evidence": list(evidence)}


def judging(*findings: Json, **said: object) -> Json:
    """An assessment by the eight signs."""
    return {
        "framework": "signs_of_success",
        "assessed_on": "2026-05-01",
        "assessor": "The steering group",
        "standing": "self",
        "findings": list(findings),
    } | said


async def completed(caller: Caller, body: Json) -> Json:
    """An assessment that stands."""
    draft = await caller.post("/v1/assessments", body)
    return await stepped(caller, draft["id"], "complete")


async def stepped(caller: Caller, assessment: str, step: str, body: Json | None = None, status: int = 200) -> Json:
    """Take a step with an assessment; what was answered."""
    path = f"/v1/assessments/{assessment}/{step}"
    answered = await caller.client.post(path, json=body, headers={"if-match": "*"})
    assert answered.status_code == status, answered.text
    taken: Json = answered.json()
    return taken


async def test_an_assessment_stands_with_an_assessor_and_evidence_for_each_judgement(measures: Caller) -> None:
    measure, _ = await measures.version()
    body = judging(found("acting_early", "growing"), found("sharing_power", None), assessor=None)
    draft = await measures.post("/v1/assessments", body)
    assert (draft["state"], draft["framework_version"], len(draft["findings"]), draft["blank"]) == ("draft", 1, 8, 7)
    assert faults(await stepped(measures, draft["id"], "complete", status=422)) == {
        "/assessor": "assessor_missing", "/findings/acting_early/evidence": "evidence_missing",
    }  # fmt: skip
    assert (await measures.get(f"/v1/assessments/{draft['id']}")) == draft
    findings = [found("acting_early", "growing", SEEN, {"kind": "measure", "measure": measure})]
    path = f"/v1/assessments/{draft['id']}"
    await changed(measures, path, {"assessor": "Ana, of the panel", "findings": findings}, '"1"')
    assert (await changed(measures, path, {"summary": "late"}, '"1"', 412))["code"] == "precondition_failed"
    stands = await stepped(measures, draft["id"], "complete")
    assert (stands["state"], stands["blank"], stands["version"]) == ("complete", 7, 3)
    assert [each["kind"] for each in stands["findings"][0]["evidence"]] == ["observation", "measure"]
    assert (await changed(measures, path, {"summary": "?"}, status=409))["code"] == "not_a_draft"
    assert await measures.get(path) == stands


@ON_ONE_DATABASE
async def test_nothing_judged_is_no_assessment(measures: Caller) -> None:
    draft = await measures.post("/v1/assessments", judging(found("acting_early", None, SEEN)))
    assert faults(await stepped(measures, draft["id"], "complete", status=422)) == {"/findings": "nothing_judged"}


@ON_ONE_DATABASE
async def test_everything_that_is_not_there_is_named(measures: Caller, other: Caller) -> None:
    theirs, _ = await other.version()
    tomorrow = (clock.now().date() + timedelta(days=2)).isoformat()  # two days on, it is tomorrow everywhere
    body = judging(
        found("acting_early", "splendid"),
        found("acting_early", "growing", {"kind": "measure", "measure": theirs}),
        found("having_fun", "growing"),
        place="E99999999", organisation=nobody(), stage="early", assessed_on=tomorrow,
    )  # fmt: skip
    status, problem = await measures.refused("/v1/assessments", body)
    assert (status, faults(problem)) == (
        422,
        {
            "/findings/0/level": "unknown_level",
            "/findings/1/element": "judged_twice",
            "/findings/1/evidence/0/measure": "unknown_measure",
            "/findings/2/element": "unknown_element",
            "/place": "unknown_place",
            "/organisation": "unknown_organisation",
            "/stage": "unknown_stage",
            "/assessed_on": "in_the_future",
        },
    )
    for framework, code in (("no_such", "unknown_framework"), ("scale_of_a_movement", "no_scale")):
        problem = (await measures.refused("/v1/assessments", judging(framework=framework)))[1]
        assert faults(problem) == {"/framework": code}
    incomplete = [{"kind": "measure"}, {"kind": "document", "url": "javascript:alert(1)"}, {"kind": "observation"}]
    problem = (await measures.refused("/v1/assessments", judging(found("acting_early", "growing", *incomplete))))[1]
    assert len(problem["errors"]) == 3
    assert await measures.every("/v1/assessments") == []


async def test_a_roll_up_is_a_spread_of_the_newest_of_each_subject_and_blanks_are_apart(measures: Caller) -> None:
    await measures.places()
    early = found("acting_early", "not_yet", SEEN)
    await completed(measures, judging(early, assessed_on="2025-05-01"))
    await completed(measures, judging(found("acting_early", "growing", SEEN)))
    await completed(measures, judging(early, place="E07000080"))
    await completed(measures, judging(found("shifting_control", "beginning", SEEN), place="E07000078"))
    await completed(measures, judging(found("acting_early", "established", SEEN), standing="independent"))
    await measures.post("/v1/assessments", judging(early, place="E07000026"))  # a draft says nothing yet
    gone = await completed(measures, judging(early, programme=new_id("programme")))
    await stepped(measures, gone["id"], "withdraw", {"because": "The wrong programme"})
    rolled = await measures.get("/v1/frameworks/signs_of_success/roll-up")
    assert rolled["assessments"] == 4
    spread = {each["element"]: each["spread"] for each in rolled["elements"]}
    assert spread["acting_early"] == {
        "levels": {"not_yet": 1, "beginning": 0, "growing": 1, "established": 1}, "blank": 1, "elsewhere": 0,
    }  # fmt: skip
    assert spread["changing_culture"] == {"levels": dict.fromkeys(LEVELS, 0), "blank": 4, "elsewhere": 0}
    for name, value, counted in (
        ("standing", "independent", 1),
        ("place", "E07000080", 1),
        ("on", "2025-12-31", 1),
        ("on", "2024-12-31", 0),
    ):
        some = await measures.get("/v1/frameworks/signs_of_success/roll-up", **{name: value})
        assert some["assessments"] == counted, name
        for each in some["elements"]:
            assert sum(each["spread"]["levels"].values()) + each["spread"]["blank"] == counted


@ON_ONE_DATABASE
async def test_a_change_of_the_framework_leaves_what_was_judged_as_it_was(measures: Caller) -> None:
    await completed(measures, judging(found("acting_early", "not_yet", SEEN), found("sharing_power", "growing", SEEN)))
    signs = await measures.get("/v1/frameworks/signs_of_success")
    renamed = [{"key": "nothing", "title": "Nothing"}, *signs["scale"][1:]]
    await changed(measures, "/v1/frameworks/signs_of_success", {"scale": renamed, "elements": signs["elements"][:1]})
    (kept,) = await measures.every("/v1/assessments", framework="signs_of_success")
    assert (kept["framework_version"], len(kept["findings"]), kept["findings"][0]["level"]) == (1, 8, "not_yet")
    (only,) = (await measures.get("/v1/frameworks/signs_of_success/roll-up"))["elements"]
    assert (sum(only["spread"]["levels"].values()), only["spread"]["elsewhere"], only["spread"]["blank"]) == (0, 1, 0)
    assert (await measures.post("/v1/assessments", judging()))["framework_version"] == 2


@ON_ONE_DATABASE
async def test_in_a_theory_of_change_what_leads_to_an_element_is_rolled_up_once_and_without_feedback(
    measures: Caller,
) -> None:
    measure, _ = await measures.version()
    theory = await measures.get("/v1/frameworks/theory_of_change")
    elements = [each | ({"measures": [measure]} if each["key"] == "champions" else {}) for each in theory["elements"]]
    await changed(measures, "/v1/frameworks/theory_of_change", {"elements": elements})
    judged = [found(key, level, SEEN) for key, level in (("champions", "growing"), ("confidence", "beginning"))]
    await completed(measures, judging(*judged, framework="theory_of_change"))
    rolled = (await measures.get("/v1/frameworks/theory_of_change/roll-up"))["elements"]
    assert [each["depth"] for each in rolled] == sorted(each["depth"] for each in rolled)
    leading = {each["element"]: each["leading"] for each in rolled}
    assert leading["momentum"] == {  # confidence feeds it back, and is not counted
        "elements": ["desire_to_redesign", "enabling", "champions", "anchor_organisations"],
        "spread": {"levels": dict.fromkeys(LEVELS, 0) | {"growing": 1}, "blank": 3, "elsewhere": 0},
        "measures": [measure],
    }
    last = leading["preventative_system"]
    assert len(last["elements"]) == len(set(last["elements"])) == 13
    assert last["spread"]["levels"] == dict.fromkeys(LEVELS, 0) | {"growing": 1, "beginning": 1}
    assert last["spread"]["blank"] == 11


@ON_ONE_DATABASE
async def test_what_is_expected_at_a_stage_stands_beside_what_was_judged(measures: Caller) -> None:
    body = judging(found("contracts", "high", SEEN), framework="governance_roles", stage="later")
    roles = (await completed(measures, body))["findings"]
    assert (roles[0]["level"], roles[0]["expected"]) == ("high", "low")
    assert [role["expected"] for role in roles] == ["low", "high", "high", "high", "medium"]


@ON_ONE_DATABASE
async def test_another_movement_sees_no_assessment(measures: Caller, other: Caller) -> None:
    made = await completed(measures, judging(found("acting_early", "growing", SEEN)))
    path = f"/v1/assessments/{made['id']}"
    assert (await other.refused(path, method="GET"))[0] == 404
    for step, body in (("complete", None), ("withdraw", {"because": "?"})):
        assert (await stepped(other, made["id"], step, body, 404))["code"] == "not_found"
    assert await other.every("/v1/assessments") == []
    assert (await other.get("/v1/frameworks/signs_of_success/roll-up"))["assessments"] == 0


@ON_ONE_DATABASE
async def test_that_it_stands_and_stands_no_more_is_told_without_what_was_found(measures: Caller) -> None:
    made = await completed(measures, judging(found("acting_early", "growing", SEEN)))
    await stepped(measures, made["id"], "withdraw", {"because": "Ana was ill"})
    assert await measures.published(made["id"]) == [
        ("assessment.completed", {"assessment": made["id"], "framework": "signs_of_success", "judged": 1}),
        ("assessment.withdrawn", {"assessment": made["id"], "framework": "signs_of_success"}),
    ]
    assert (await stepped(measures, made["id"], "complete", status=409))["state"] == "withdrawn"
