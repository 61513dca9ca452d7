"""The knowledge hub: drafted, published, edited beside what is published, archived, used."""

import asyncio
from datetime import timedelta

import pytest

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

TODAY = clock.now().date()
GUIDE = {
    "kind": "guide",
    "title": "How to start a walking group",
    "body": "Ask two neighbours. Walk on Thursdays.",
    "audience": ["schools", "champions"],
    "tags": ["walking"],
    "links": [{"title": "A poster", "url": "https://example.org/poster.pdf"}],
}


async def drafted(members: Caller, **other: object) -> Json:
    return await members.post("/v1/knowledge", GUIDE | other)


async def published(members: Caller, **other: object) -> Json:
    made = await drafted(members, **other)
    return await acted(members, made, "publish")


async def acted(members: Caller, item: Json, act: str) -> Json:
    answered = await members.client.post(
        f"/v1/knowledge/{item['id']}/{act}", headers={"If-Match": f'"{item["version"]}"'}
    )
    assert answered.status_code == 200, answered.text
    changed: Json = answered.json()
    return changed


async def edited(members: Caller, item: Json, changes: Json) -> Json:
    answered = await members.client.patch(
        f"/v1/knowledge/{item['id']}", json=changes, headers={"If-Match": f'"{item["version"]}"'}
    )
    assert answered.status_code == 200, answered.text
    changed: Json = answered.json()
    return changed


async def test_an_item_is_drafted_published_and_announced_without_its_words(members: Caller) -> None:
    made = await drafted(members)
    assert (made["state"], made["text"]["number"], made["text"]["published_at"]) == ("draft", 1, None)
    assert (made["audience"], made["tags"]) == (["champions", "schools"], ["walking"])
    out = await acted(members, made, "publish")
    assert (out["state"], out["version"], out["draft"]) == ("published", 2, None)
    assert await members.get(f"/v1/knowledge/{made['id']}") == out
    assert await members.published(made["id"]) == [
        ("knowledge.published", {"item": made["id"], "text": 1, "kind": "guide", "language": "en"})
    ]


async def test_what_is_published_stays_as_it_is_until_its_next_text_is_published(members: Caller) -> None:
    out = await published(members)
    waiting = await edited(members, out, {"body": "Ask three neighbours."})
    assert (waiting["text"]["body"], waiting["draft"]) == (GUIDE["body"], 2)
    again = await edited(members, waiting, {"title": "How to walk together"})
    assert (again["text"]["title"], again["draft"]) == (GUIDE["title"], 2)
    now = await acted(members, again, "publish")
    assert (now["text"]["title"], now["text"]["body"]) == ("How to walk together", "Ask three neighbours.")
    assert now["text"]["links"] == GUIDE["links"]
    texts = (await members.client.get(f"/v1/knowledge/{out['id']}/texts")).json()
    assert [(text["number"], text["title"]) for text in texts] == [(2, "How to walk together"), (1, GUIDE["title"])]


async def test_labels_change_at_once_and_items_are_chosen_by_them(members: Caller) -> None:
    guide, story = await published(members), await drafted(members, kind="story", tags=["cycling"], language="cy")
    await edited(members, guide, {"tags": ["walking", "winter"], "audience": []})

    async def chosen(**by: str) -> list[str]:
        return [item["id"] for item in (await members.get("/v1/knowledge", **by))["data"]]

    assert await chosen() == [guide["id"], story["id"]]
    assert await chosen(tag="winter") == [guide["id"]]
    assert await chosen(audience="schools") == [story["id"]]
    assert await chosen(state="draft") == await chosen(kind="story") == await chosen(language="cy") == [story["id"]]
    assert await chosen(tag="winter", kind="story") == []
    assert await chosen(updated_since="2999-01-01T00:00:00Z") == []


async def test_what_is_archived_can_be_published_again_and_not_changed_before(members: Caller) -> None:
    resting = await acted(members, await published(members), "archive")
    assert resting["archived_at"] is not None
    answered = await members.client.patch(
        f"/v1/knowledge/{resting['id']}", json={"tags": []}, headers={"If-Match": "*"}
    )
    assert (answered.status_code, answered.json()["code"]) == (409, "archived")
    back = await acted(members, resting, "publish")
    assert (back["state"], back["archived_at"], back["text"]["number"]) == ("published", None, 1)
    kinds = [kind for kind, _ in await members.published(back["id"])]
    assert kinds == ["knowledge.published", "knowledge.archived", "knowledge.published"]


async def test_the_same_text_is_not_published_twice_and_of_two_at_once_one_is(members: Caller) -> None:
    made = await drafted(members)
    publish = f"/v1/knowledge/{made['id']}/publish"
    answers = await asyncio.gather(*(members.client.post(publish, headers={"If-Match": "*"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"nothing_to_publish"}


async def test_an_edit_names_the_version_that_was_read(members: Caller) -> None:
    made = await drafted(members)
    path = f"/v1/knowledge/{made['id']}"
    assert (await members.refused(path, {"tags": []}, method="PATCH"))[0] == 428
    late = await members.client.patch(path, json={"tags": []}, headers={"If-Match": '"7"'})
    assert late.status_code == 412
    assert (await members.client.get(path)).headers["etag"] == '"1"'


async def test_a_use_tells_who_used_which_text_and_what_they_did(members: Caller) -> None:
    item, ada = await published(members), await members.person()
    uses = f"/v1/knowledge/{item['id']}/uses"
    by_ada = await members.post(uses, {"did": "We left out step two.", "used_on": TODAY.isoformat(), "person": ada})
    school = await members.organisation("Cinderford Primary")
    by_school = {"did": "Year 7 used it.", "used_on": TODAY.isoformat(), "organisation": school}
    await members.post(uses, by_school)
    assert (by_ada["text"], by_ada["person"]) == (1, ada)
    assert (await members.get(f"/v1/knowledge/{item['id']}"))["uses"] == 2
    assert (await members.get("/v1/knowledge/uses", person=ada))["data"] == [by_ada]
    (shown,) = (await members.get("/v1/knowledge/uses", organisation=school))["data"]
    assert shown["organisation"] == school
    assert len((await members.get("/v1/knowledge/uses", item=item["id"]))["data"]) == 2
    assert (await members.published(item["id"]))[-1][0] == "knowledge.used"


async def test_a_use_that_cannot_be_is_refused_with_every_fault(members: Caller) -> None:
    item, draft = await published(members), await drafted(members)
    wrong = {"did": "Used it.", "used_on": (TODAY + timedelta(days=2)).isoformat(), "person": new_id("person")}
    by_nobody = {"did": "Used it.", "used_on": TODAY.isoformat(), "organisation": new_id("org")}
    status, problem = await members.refused(f"/v1/knowledge/{item['id']}/uses", wrong)
    assert (status, faults(problem)) == (422, {"/person": "unknown_person", "/used_on": "in_the_future"})
    status, problem = await members.refused(f"/v1/knowledge/{item['id']}/uses", by_nobody)
    assert (status, faults(problem)) == (422, {"/organisation": "unknown_organisation"})
    right = {"did": "Used it.", "used_on": TODAY.isoformat()}
    status, problem = await members.refused(f"/v1/knowledge/{draft['id']}/uses", right)
    assert (status, problem["code"]) == (409, "never_published")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"kind": "poster"}, "/kind"),
        ({"title": " "}, "/title"),
        ({"body": "a" * 40_001}, "/body"),
        ({"language": "plain English"}, "/language"),
        ({"tags": ["Walking groups!"]}, "/tags/0"),
        ({"links": [{"title": "x", "url": "javascript:alert(1)"}]}, "/links/0/url"),
        ({"author": "Ada"}, "/author"),
    ],
)
async def test_a_malformed_item_is_named_by_its_pointer(members: Caller, changed: Json, pointer: str) -> None:
    status, problem = await members.refused("/v1/knowledge", GUIDE | changed)
    assert (status, list(faults(problem))) == (422, [pointer])


@ON_ONE_DATABASE
async def test_no_field_of_an_item_can_be_emptied_with_null(members: Caller) -> None:
    made = await drafted(members)
    answered = await members.client.patch(
        f"/v1/knowledge/{made['id']}", json={"title": None, "tags": None}, headers={"If-Match": "*"}
    )
    assert (answered.status_code, faults(answered.json())) == (422, {"/title": "null", "/tags": "null"})
