"""Stories: kept and shown with the permission of everybody in them, asked each time, and gone when it ends."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

import services.members.app
from services.measures.records import told
from services.measures.stories.erasing import forget_stories
from shared.erasure.marks import Marks
from shared.ids import new_id
from shared.in_process import register, unregister
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.erasing import counting
from shared.testing.service import ON_ONE_DATABASE, Alone
from tests.measures.caller import Caller
from tests.measures.frameworks.permitting import Permits
from tests.measures.frameworks.test_assessments import completed, found, judging, stepped
from tests.measures.frameworks.test_frameworks import changed
from tests.members import caller as of_members

AGREED: Json = {"reach": "movement", "how": "spoken", "on": "2026-04-02"}
STORY: Json = {
    "title": "The porters' walk",
    "words": "I would never have climbed Snowdon by myself.",
    "told_on": "2026-04-02",
    "agreement": AGREED,
}


@pytest.fixture
def members() -> Iterator[Permits]:
    """The members service, as far as stories ask it."""
    standin = Permits()
    register("members", standin)
    yield standin
    unregister("members", standin)


def going(reach: str, **agreed: object) -> Json:
    """A story that may go so far."""
    return STORY | {"agreement": AGREED | {"reach": reach} | agreed}


async def taken(caller: Caller, story: str, step: str, status: int = 200) -> Json:
    """Take a step with a story; what was answered."""
    answered = await caller.client.post(f"/v1/stories/{story}/{step}", headers={"if-match": "*"})
    assert answered.status_code == status, answered.text
    body: Json = answered.json()
    return body


async def published(caller: Caller, story: Json) -> Json:
    """A story that is told."""
    return await taken(caller, (await caller.post("/v1/stories", story))["id"], "publish")


async def ids(caller: Caller, **chosen: str) -> list[str]:
    """The stories that a list has."""
    return [story["id"] for story in await caller.every("/v1/stories", limit=2, **chosen)]


async def test_a_story_is_told_tagged_and_found_by_its_tags(measures: Caller, members: Permits) -> None:
    await measures.places()
    measure, _ = await measures.version()
    ana = members.person("record")
    said = STORY | {
        "people": [ana], "credit": "A porter", "place": "E07000080", "measures": [measure],
        "tags": [
            {"framework": "signs_of_success", "element": "building_momentum"},
            {"framework": "theory_of_change", "element": "social_connectedness"},
        ],
    }  # fmt: skip
    made = await measures.post("/v1/stories", said)
    assert said.items() <= (made | {"agreement": AGREED}).items()
    assert made["agreement"] == AGREED | {"review_on": None}
    assert await measures.get(f"/v1/stories/{made['id']}") == made
    other = (await measures.post("/v1/stories", STORY | {"tags": said["tags"][:1]}))["id"]
    sign = {"framework": "signs_of_success", "element": "building_momentum"}
    assert await ids(measures) == await ids(measures, **sign) == [made["id"], other]
    assert await ids(measures, framework="theory_of_change") == [made["id"]]
    assert await ids(measures, framework="theory_of_change", element="building_momentum") == []
    assert await ids(measures, measure=measure) == await ids(measures, place="E07000080") == [made["id"]]
    less = await changed(measures, f"/v1/stories/{made['id']}", {"tags": [], "measures": [], "people": []}, '"1"')
    assert (less["tags"], less["measures"], less["people"], less["version"]) == ([], [], [], 2)


@ON_ONE_DATABASE
async def test_no_story_is_kept_of_somebody_who_does_not_permit_it(measures: Caller, members: Permits) -> None:
    ana, ben = members.person("record"), members.person("sharing")
    status, problem = await measures.refused("/v1/stories", STORY | {"people": [ana, ben]})
    assert (status, problem["code"]) == (409, "not_permitted")
    assert ben not in str(problem)
    made = await measures.post("/v1/stories", STORY | {"people": [ana]})
    path = f"/v1/stories/{made['id']}"
    assert (await changed(measures, path, {"people": [ana, ben]}, status=409))["code"] == "not_permitted"
    assert (await measures.get(path)) == made


@ON_ONE_DATABASE
async def test_it_is_published_as_far_as_was_agreed_and_everybody_in_it_permits(
    measures: Caller, members: Permits
) -> None:
    ana = members.person("record")
    made = (await measures.post("/v1/stories", going("public") | {"people": [ana]}))["id"]
    assert (await taken(measures, made, "publish", 409))["code"] == "not_permitted"
    members.people[ana].add("publication")
    assert (await taken(measures, made, "publish"))["state"] == "published"
    assert (await changed(measures, f"/v1/stories/{made}", {"words": "?"}, status=409))["code"] == "not_a_draft"
    over = (await measures.post("/v1/stories", going("public", review_on="2026-05-01")))["id"]
    assert (await taken(measures, over, "publish", 409))["code"] == "not_permitted"


@ON_ONE_DATABASE
async def test_a_story_is_shown_only_as_long_and_as_far_as_is_permitted(measures: Caller, members: Permits) -> None:
    ana = members.person("record", "sharing", "publication")
    of_ana = [going(reach) | {"people": [ana]} for reach in ("movement", "partners", "public")]
    inside, partners, public = [(await published(measures, story))["id"] for story in of_ana]
    nobodys = (await published(measures, going("public")))["id"]
    assert await ids(measures) == [inside, partners, public, nobodys]
    assert await ids(measures, use="partners") == [partners, public, nobodys]
    assert await ids(measures, use="public") == [public, nobodys]
    members.people[ana] -= {"publication"}
    assert await ids(measures, use="public") == [nobodys]
    assert (await measures.refused(f"/v1/stories/{public}", method="GET", use="public"))[0] == 404
    assert (await measures.get(f"/v1/stories/{public}"))["id"] == public
    members.people[ana].clear()
    assert await ids(measures) == [nobodys]
    assert (await measures.refused(f"/v1/stories/{inside}", method="GET"))[0] == 404


@ON_ONE_DATABASE
async def test_a_partners_key_is_shown_what_partners_may_be_told(
    app: FastAPI, vouching: Secrets, measures: Caller, members: Permits
) -> None:
    ana = members.person("record")
    await published(measures, STORY | {"people": [ana]})
    draft = (await measures.post("/v1/stories", going("partners")))["id"]
    told_to_all = (await published(measures, going("public")))["id"]
    async with Caller(app, vouching, measures.movement, organisation=new_id("org")) as partner:
        assert await ids(partner) == await ids(partner, use="movement") == [told_to_all]
        assert (await partner.refused(f"/v1/stories/{draft}", method="GET"))[0] == 404


@ON_ONE_DATABASE
async def test_while_members_cannot_be_asked_nothing_is_kept_or_shown_that_tells_of_somebody(
    measures: Caller, members: Permits
) -> None:
    ana = members.person("record")
    made = (await measures.post("/v1/stories", STORY | {"people": [ana]}))["id"]
    members.away = True
    for path, body, method in (
        ("/v1/stories", STORY | {"people": [ana]}, "POST"),
        ("/v1/stories", None, "GET"),
        (f"/v1/stories/{made}", None, "GET"),
    ):
        assert (await measures.refused(path, body, method=method))[0] == 503
    assert (await taken(measures, made, "publish", 503))["code"] == "unavailable"
    await taken(measures, made, "withdraw")  # to tell it no more nobody need be asked
    asked = members.asked
    assert await measures.post("/v1/stories", STORY)
    assert members.asked == asked


@ON_ONE_DATABASE
async def test_a_story_that_is_withdrawn_leaves_no_words(measures: Caller, members: Permits) -> None:
    ana = members.person("record")
    made = await published(measures, STORY | {"people": [ana], "credit": "Ana", "origin": "survey", "reference": "7"})
    gone = await taken(measures, made["id"], "withdraw")
    assert gone["state"] == "withdrawn"
    assert (gone["title"], gone["words"], gone["credit"], gone["people"]) == ("", "", None, [])
    assert (await taken(measures, made["id"], "publish", 409))["state"] == "withdrawn"
    again = STORY | {"origin": "survey", "reference": "7"}
    status, problem = await measures.refused("/v1/stories", again)
    assert (status, problem["code"], problem["story"]) == (409, "told_already", made["id"])
    assert [event for event, _ in await measures.published(made["id"])] == ["story.published", "story.withdrawn"]
    assert "Snowdon" not in str(await measures.published())


@ON_ONE_DATABASE
async def test_everything_that_a_story_names_and_is_not_there_is_told(
    measures: Caller, other: Caller, members: Permits
) -> None:
    theirs, _ = await other.version()
    wrong = STORY | {
        "told_on": "2999-01-01", "place": "E99999999", "people": [new_id("person")], "measures": [theirs],
        "tags": [{"framework": "no_such", "element": "x"}, {"framework": "conditions", "element": "x"}],
    }  # fmt: skip
    status, problem = await measures.refused("/v1/stories", wrong)
    assert (status, faults(problem)) == (
        422,
        {
            "/told_on": "in_the_future",
            "/place": "unknown_place",
            "/measures/0": "unknown_measure",
            "/tags/0/framework": "unknown_framework",
            "/tags/1/element": "unknown_element",
            "/people/0": "unknown_person",
        },
    )
    assert (await measures.refused("/v1/stories", going("movement", review_on="2026-04-01")))[0] == 422
    assert await ids(measures) == []


async def test_what_rests_on_a_story_stands_while_it_is_told(measures: Caller, members: Permits) -> None:
    draft = (await measures.post("/v1/stories", STORY))["id"]
    evidence = {"kind": "story", "story": draft}
    body = judging(found("acting_early", "growing", evidence))
    assert faults((await measures.refused("/v1/assessments", body))[1]) == {
        "/findings/0/evidence/0/story": "unknown_story"
    }
    await taken(measures, draft, "publish")
    stands = await completed(measures, body)
    later = await measures.post("/v1/assessments", body)
    assert [each["stands"] for each in stands["findings"][0]["evidence"]] == [True]
    await taken(measures, draft, "withdraw")
    fallen = await measures.get(f"/v1/assessments/{stands['id']}")
    assert [each["stands"] for each in fallen["findings"][0]["evidence"]] == [False]
    problem = await stepped(measures, later["id"], "complete", status=422)
    assert faults(problem) == {"/findings/acting_early/evidence": "evidence_missing"}


async def test_somebodys_stories_are_told_to_them_by_right_and_go_with_them(
    app: FastAPI, measures: Caller, members: Permits
) -> None:
    ana, ben = members.person("record"), members.person("record")
    theirs = (await published(measures, STORY | {"people": [ana, ben]}))["id"]
    bens = (await measures.post("/v1/stories", STORY | {"people": [ben]}))["id"]
    parts = app.state.parts
    (section,) = (await parts.db.read(told, measures.movement, Marks([new_id("person"), ana]))).sections
    assert (section.name, len(section.rows), section.rows[0][:2]) == ("stories", 1, [STORY["title"], STORY["words"]])
    db, counted = counting(parts.acting_in(measures.movement))
    for _ in range(2):
        await forget_stories(parts, db, measures.movement, Marks([ana]))
    assert counted == [1]
    assert await ids(measures) == [bens]
    assert [event for event, _ in await measures.published(theirs)] == ["story.published", "story.withdrawn"]


@ON_ONE_DATABASE
async def test_another_movement_sees_no_story(measures: Caller, other: Caller, members: Permits) -> None:
    made = (await published(measures, going("public")))["id"]
    assert (await other.refused(f"/v1/stories/{made}", method="GET"))[0] == 404
    for step in ("publish", "withdraw"):
        assert (await taken(other, made, step, 404))["code"] == "not_found"
    assert await ids(other) == await ids(other, use="public") == []
    evidence = {"kind": "story", "story": made}
    status, _ = await other.refused("/v1/assessments", judging(found("acting_early", "growing", evidence)))
    assert status == 422


NOTICE = {"name": "stories", "version": "1"}
MEMBERS = Alone("members", services.members.app.create_app)


@pytest.fixture
def members_url(migrated_files: Path, tmp_path: Path) -> str:
    """A database of the members service."""
    return MEMBERS.sqlite(migrated_files, tmp_path)


@pytest.fixture
async def real_members(
    members_url: str, tmp_path: Path, secrets_dir: Path, vouching: Secrets, measures: Caller
) -> AsyncIterator[of_members.Caller]:
    """A caller of the members service itself, in the movement of the stories."""
    async with (
        MEMBERS.running(members_url, tmp_path, secrets_dir) as running,
        of_members.Caller(running, vouching, measures.movement) as caller,
    ):
        yield caller


@ON_ONE_DATABASE
async def test_what_members_knows_of_permission_and_mergers_decides(
    measures: Caller, real_members: of_members.Caller
) -> None:
    ana, twin = await real_members.person("Ana"), await real_members.person("Anna")
    of_twin = going("public") | {"people": [twin]}
    assert (await measures.refused("/v1/stories", of_twin))[1]["code"] == "not_permitted"
    for person, channel in ((twin, "record"), (twin, "publication"), (ana, "record"), (ana, "publication")):
        said = {"purpose": "stories", "channel": channel, "decision": "given", "notice": NOTICE}
        await real_members.post(f"/v1/people/{person}/permissions", said)
    made = (await published(measures, of_twin))["id"]
    await real_members.post(f"/v1/people/{ana}/merge", {"merged": twin}, status=None)
    assert await ids(measures, use="public") == [made]  # the id that was merged answers for who they are now
    await real_members.post(f"/v1/people/{ana}/stops")
    assert (await ids(measures, use="public"), await ids(measures)) == ([], [made])
    no = {"purpose": "stories", "channel": "record", "decision": "refused"}
    await real_members.post(f"/v1/people/{twin}/permissions", no)
    assert await ids(measures) == []
    assert faults((await measures.refused("/v1/stories", STORY | {"people": [new_id("person")]}))[1]) == {
        "/people/0": "unknown_person"
    }
