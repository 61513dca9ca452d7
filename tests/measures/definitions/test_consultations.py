"""How a definition comes about: drafted, proposed, consulted on, published, and who said what of it."""

from datetime import UTC, datetime

from fastapi import FastAPI

from services.measures.measures.models import VERSIONS, VersionStatus
from shared import clock
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import PERCENT, Caller
from tests.neighbours import Neighbours

MAY_2 = datetime(2026, 5, 2, 12, tzinfo=UTC)
MAY_9 = datetime(2026, 5, 9, 12, tzinfo=UTC)
WHY: Json = {"reason": "The question was not understood."}


async def drafted(measures: Caller) -> str:
    """The path of a draft."""
    measure = (await measures.post("/v1/measures", {"key": "walks", "title": "Walks"}))["id"]
    draft = (await measures.post(f"/v1/measures/{measure}/versions", PERCENT))["id"]
    return f"/v1/measures/{measure}/versions/{draft}"


async def consulted_on(measures: Caller) -> str:
    """The path of a version that partners may comment on until 8 May."""
    path = await drafted(measures)
    await measures.post(f"{path}/propose")
    await measures.post(f"{path}/consult", {"until": "2026-05-08"})
    return path


async def edited(measures: Caller, path: str, **change: object) -> Json:
    """What came of an edit of whatever is there."""
    answered = await measures.client.patch(path, json=change, headers={"If-Match": "*"})
    body: Json = answered.json()
    return body


async def test_a_definition_is_consulted_on_and_published_once_everybody_has_an_answer(
    measures: Caller, neighbours: Neighbours, app: FastAPI, vouching: Secrets
) -> None:
    partner = await neighbours.organisation(measures.movement)
    with clock.frozen(MAY_2):
        path = await consulted_on(measures)
        said = await measures.post(f"{path}/comments", {"said": "Count carers too", "organisation": partner})
        async with Caller(app, vouching, measures.movement, organisation=partner) as theirs:
            second = await theirs.post(f"{path}/comments", {"said": "And name walking the dog"}, status=201)
        assert (said["organisation"], second["organisation"]) == (partner, partner)
        assert second["actor"] != said["actor"]
        status, problem = await measures.refused(f"{path}/publish")
        assert (status, problem["code"]) == (409, "consultation_open")
    with clock.frozen(MAY_9):
        assert (await measures.refused(f"{path}/comments", {"said": "Too late"}))[1]["code"] == "not_consulting"
        assert (await measures.refused(f"{path}/publish"))[1]["unanswered"] == 2
        for comment in (said, second):
            answer = {"answer": "They are in the next draft", "taken_up": True}
            given = await measures.post(f"{path}/comments/{comment['id']}/answer", answer)
            assert (given["answer"], given["taken_up"], given["version"]) == (answer["answer"], True, 2)
        again = await measures.refused(f"{path}/comments/{said['id']}/answer", {"answer": "No", "taken_up": False})
        assert again[1]["code"] == "answered_already"
        assert (await measures.post(f"{path}/publish"))["status"] == "published"
    assert [each["said"] for each in await measures.every(f"{path}/comments", limit=1)] == [
        "Count carers too",
        "And name walking the dog",
    ]
    told = [event for event, _ in await measures.published()]
    assert told == [
        "measure.created", "measure_version.proposed", "measure_version.consulting", "definition_comment.made",
        "definition_comment.made", "definition_comment.answered", "definition_comment.answered",
        "measure_version.published",
    ]  # fmt: skip


@ON_ONE_DATABASE
async def test_what_is_taken_back_is_a_draft_again_and_what_was_said_of_it_stays(measures: Caller) -> None:
    with clock.frozen(MAY_2):
        path = await consulted_on(measures)
        await measures.post(f"{path}/comments", {"said": "What is a walk?"})
        assert (await edited(measures, path, population="Residents"))["code"] == "not_a_draft"
        back = await measures.post(f"{path}/take-back", WHY)
        assert (back["status"], back["reason"], back["consult_until"]) == ("draft", WHY["reason"], None)
        assert (await edited(measures, path, population="Residents"))["population"] == "Residents"
        assert len(await measures.every(f"{path}/comments")) == 1
        assert (await measures.refused(f"{path}/comments", {"said": "?"}))[1]["code"] == "not_consulting"
        assert (await measures.post(f"{path}/withdraw", WHY))["status"] == "withdrawn"
        status, problem = await measures.refused(f"{path}/publish")
        assert (status, problem["code"], problem["state"]) == (409, "illegal_transition", "withdrawn")


@ON_ONE_DATABASE
async def test_a_caller_of_an_organisation_speaks_for_that_one_alone(
    measures: Caller, neighbours: Neighbours, app: FastAPI, vouching: Secrets
) -> None:
    one, another = [await neighbours.organisation(measures.movement) for _ in range(2)]
    with clock.frozen(MAY_2):
        path = await consulted_on(measures)
        async with Caller(app, vouching, measures.movement, organisation=one) as theirs:
            refused = await theirs.refused(f"{path}/comments", {"said": "Yes", "organisation": another})
        assert (refused[0], refused[1]["code"]) == (403, "speaks_for_another")
        stranger = {"said": "Yes", "organisation": "org_01j5x3m0e8f7v9q2k4t6w8y0ab"}
        assert faults((await measures.refused(f"{path}/comments", stranger))[1]) == {
            "/organisation": "unknown_organisation"
        }
        past = {"until": "2026-05-01"}
        assert faults((await measures.refused(f"{path}/consult", past))[1]) == {"/until": "in_the_past"}


@ON_ONE_DATABASE
async def test_a_draft_is_edited_by_whoever_read_it_and_must_still_make_sense(measures: Caller) -> None:
    path = await drafted(measures)
    tag = (await measures.client.get(path)).headers["etag"]
    changed = await measures.client.patch(path, json={"unit": "per_1000", "distinct": True}, headers={"If-Match": tag})
    assert (changed.json()["unit"], changed.json()["kind"], changed.headers["etag"]) == ("per_1000", "ratio", '"2"')
    assert (await measures.client.patch(path, json={"unit": "percent"}, headers={"If-Match": tag})).status_code == 412
    for change, pointer in (
        ({"unit": "people"}, ""),
        ({"kind": "flow", "roll_ups": {"place": "recompute"}}, "/roll_ups"),
    ):
        refused = await edited(measures, path, **change)
        assert [fault["pointer"] for fault in refused["errors"]] == [pointer]
    assert faults(await edited(measures, path, unit=None)) == {"/unit": "null"}
    assert (await measures.get(path))["version"] == 2


@ON_ONE_DATABASE
async def test_the_words_about_a_measure_are_edited(measures: Caller) -> None:
    made = await measures.post("/v1/measures", {"key": "walks", "title": "Walks"})
    path = f"/v1/measures/{made['id']}"
    changed = await measures.client.patch(path, json={"title": "Led walks"}, headers={"If-Match": '"1"'})
    assert (changed.json()["title"], changed.json()["key"], changed.headers["etag"]) == ("Led walks", "walks", '"2"')
    assert (await measures.client.patch(path, json={"title": "W"}, headers={"If-Match": '"1"'})).status_code == 412


def test_nothing_follows_a_published_version_and_nothing_revives_a_withdrawn_one() -> None:
    assert {each: VERSIONS.before(each) for each in (VersionStatus.DRAFT, VersionStatus.CONSULTING)} == {
        VersionStatus.DRAFT: ["proposed", "consulting"],
        VersionStatus.CONSULTING: ["proposed"],
    }
    assert VERSIONS.before(VersionStatus.PUBLISHED) == ["draft", "proposed", "consulting"]
