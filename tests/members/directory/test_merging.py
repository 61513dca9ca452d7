"""Merging people: what goes to whom, what is set aside, what is refused, and that the other id answers for ever."""

import asyncio
from datetime import timedelta

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

TODAY = clock.now().date()


async def merge(members: Caller, into: str, merged: str, **other: object) -> Json:
    """Let ``merged`` become ``into``."""
    return await members.post(f"/v1/people/{into}/merge", {"merged": merged, **other}, status=200)


async def unmerge(members: Caller, merged: str) -> Json:
    """Let somebody who was merged be one of their own again."""
    return await members.post(f"/v1/people/{merged}/unmerge", status=200)


async def test_all_that_was_theirs_is_the_survivors_and_both_ids_answer(members: Caller) -> None:
    joan = await members.person("Joan", family_name="Hall", emails=[{"address": "joan@example.org"}])
    jo = await members.person("Jo", emails=[{"address": "jo@example.org"}, {"address": "joan@example.org"}])
    await members.did(jo, TODAY, kind="walk")
    await merge(members, joan, jo)
    shown = await members.get(f"/v1/people/{joan}")
    assert shown == await members.get(f"/v1/people/{jo}")
    assert (shown["given_name"], shown["family_name"]) == ("Joan", "Hall")
    assert shown["emails"] == [
        {"address": "joan@example.org", "primary": True},
        {"address": "jo@example.org", "primary": False},
    ]
    assert [each["person"] for each in (await members.get("/v1/activities"))["data"]] == [joan]
    assert [each["id"] for each in (await members.get("/v1/people"))["data"]] == [joan]
    await unmerge(members, jo)
    assert (await members.get(f"/v1/people/{jo}"))["emails"] == [
        {"address": "jo@example.org", "primary": True},
        {"address": "joan@example.org", "primary": False},
    ]


async def test_what_was_edited_since_goes_back_and_what_was_added_stays(members: Caller) -> None:
    joan = await members.person("Joan")
    jo = await members.person("Jo", phones=[{"number": "01594 555 010"}])
    await members.did(jo, TODAY)
    await merge(members, joan, jo)
    await members.did(joan, TODAY, kind="choir")
    await unmerge(members, jo)
    done = {each["kind"]: each["person"] for each in (await members.get("/v1/activities"))["data"]}
    assert done == {"walk": jo, "choir": joan}
    assert [each["number"] for each in (await members.get(f"/v1/people/{jo}"))["phones"]] == ["01594 555 010"]


@ON_ONE_DATABASE
async def test_the_caller_chooses_whose_value_stands_gaps_are_filled_and_the_younger_age_stands(
    members: Caller,
) -> None:
    joan = await members.person("Joan", family_name="Hall", age_band="adult")
    jo = await members.person("Jo", family_name="Wood", postcode="GL16 8DN", age_band="16_to_17")
    before = await members.get(f"/v1/people/{joan}")
    said = {"merged": jo, "choices": {"family_name": "merged"}}
    preview = await members.post(f"/v1/people/{joan}/merge/preview", said, status=200)
    assert await members.get(f"/v1/people/{joan}") == before
    stands = {field["field"]: (field["wins"], field["value"]) for field in preview["fields"]}
    expected = {"given_name": "Joan", "family_name": "Wood", "postcode": "GL16 8DN", "age_band": "16_to_17"}
    assert {name: stands[name][1] for name in expected} == expected
    assert {name: stands[name][0] for name in ("given_name", "postcode")} == {
        "given_name": "survivor",
        "postcode": "merged",
    }
    await merge(members, joan, jo, choices={"family_name": "merged"})
    shown = await members.get(f"/v1/people/{joan}")
    assert {name: shown[name] for name in expected} == expected
    await unmerge(members, jo)
    shown = await members.get(f"/v1/people/{joan}")
    assert {name: shown[name] for name in expected} == {name: before[name] for name in expected}
    assert shown["version"] == 3


@ON_ONE_DATABASE
async def test_the_preview_counts_what_goes_over_and_what_is_set_aside(members: Caller) -> None:
    same = {"emails": [{"address": "hall@example.org"}]}
    joan, jo = await members.person("Joan", **same), await members.person("Jo", **same)
    await members.did(jo, TODAY, TODAY - timedelta(days=1))
    preview = await members.post(f"/v1/people/{joan}/merge/preview", {"merged": jo}, status=200)
    counted = {each["kind"]: (each["moved"], each["set_aside"]) for each in preview["repointed"]}
    assert counted["activities"] == (2, 0)
    assert counted["person_emails"] == (0, 1)
    assert counted["memberships"] == (0, 1)
    shown = await members.get(f"/v1/people/{joan}")
    assert {field["field"] for field in preview["fields"]} <= shown.keys(), "no column of our own is a choice"


async def test_what_two_people_did_with_each_other_is_nobodys_any_more(members: Caller) -> None:
    joan, jo, ann = [await members.person(name) for name in ("Joan", "Jo", "Ann")]
    await members.did(joan, TODAY, kind="with_jo", counterpart=jo)
    await members.did(joan, TODAY, kind="with_ann", counterpart=ann)
    await members.did(ann, TODAY, kind="with_jo", counterpart=jo)
    await merge(members, joan, jo)

    async def counterparts() -> list[tuple[str, str, str | None]]:
        done = (await members.get("/v1/activities"))["data"]
        return [(each["person"], each["kind"], each["counterpart"]) for each in done]

    assert await counterparts() == [(joan, "with_jo", None), (joan, "with_ann", ann), (ann, "with_jo", joan)]
    await unmerge(members, jo)
    assert await counterparts() == [(joan, "with_jo", jo), (joan, "with_ann", ann), (ann, "with_jo", jo)]


async def test_in_a_chain_whoever_is_unmerged_takes_along_what_became_theirs(members: Caller) -> None:
    a, b, c = [await members.person(name) for name in ("A", "B", "C")]
    for person in (a, b, c):
        await members.did(person, TODAY, kind=f"by_{(await members.get(f'/v1/people/{person}'))['given_name'].lower()}")
    await merge(members, b, a)
    await merge(members, c, b)

    async def whose() -> dict[str, str]:
        return {each["kind"]: each["person"] for each in (await members.get("/v1/activities"))["data"]}

    assert (await members.get(f"/v1/people/{a}"))["id"] == c
    await unmerge(members, b)
    assert await whose() == {"by_a": b, "by_b": b, "by_c": c}
    assert (await members.get(f"/v1/people/{a}"))["id"] == b
    await merge(members, c, b)
    await unmerge(members, a)
    assert await whose() == {"by_a": a, "by_b": c, "by_c": c}
    assert [(await members.get(f"/v1/people/{each}"))["id"] for each in (a, b, c)] == [a, c, c]


@ON_ONE_DATABASE
async def test_what_cannot_be_merged_is_refused_and_nothing_changes(members: Caller, other: Caller) -> None:
    a, b, c = [await members.person(name) for name in ("A", "B", "C")]
    theirs = await other.person("Theirs")
    for merged, code in ((a, "merged_into_itself"), (theirs, "unknown_person"), (new_id("person"), "unknown_person")):
        for path in ("merge", "merge/preview"):
            status, problem = await members.refused(f"/v1/people/{a}/{path}", {"merged": merged})
            assert (status, faults(problem)) == (422, {"/merged": code})
    status, problem = await members.refused(f"/v1/people/{a}/merge", {"merged": b, "choices": {"id": "merged"}})
    assert (status, faults(problem)) == (422, {"/choices/id": "unknown_field"})
    assert (await members.refused(f"/v1/people/{theirs}/merge", {"merged": a}))[0] == 404
    assert (await members.refused(f"/v1/people/{theirs}/unmerge"))[0] == 404
    status, problem = await members.refused(f"/v1/people/{a}/unmerge")
    assert (status, problem["code"]) == (409, "not_merged")
    await merge(members, b, a)
    for into, merged in ((b, a), (c, a), (a, b), (a, c)):  # twice, elsewhere, in a circle, and into one that is gone
        status, problem = await members.refused(f"/v1/people/{into}/merge", {"merged": merged})
        assert (status, problem["code"], problem["merged"], problem["into"]) == (409, "already_merged", a, b)
    assert len((await members.get(f"/v1/people/{b}/merges"))["data"]) == 1


@ON_ONE_DATABASE
async def test_a_merge_of_what_has_changed_since_it_was_looked_at_is_refused(members: Caller) -> None:
    joan, jo, ann = [await members.person(name) for name in ("Joan", "Jo", "Ann")]
    await merge(members, joan, ann)
    status, problem = await members.refused(f"/v1/people/{joan}/merge", {"merged": jo, "survivor_version": 1})
    assert (status, problem["code"]) == (412, "precondition_failed")
    await merge(members, joan, jo, survivor_version=2, merged_version=1)


async def test_of_two_merges_at_once_that_exclude_each_other_one_is_made(members: Caller) -> None:
    a, b = await members.person("A"), await members.person("B")
    answers = await asyncio.gather(
        members.client.post(f"/v1/people/{a}/merge", json={"merged": b}),
        members.client.post(f"/v1/people/{b}/merge", json={"merged": a}),
    )
    assert sorted(answered.status_code for answered in answers) == [200, 409]
    (left,) = (await members.get("/v1/people"))["data"]
    assert [(await members.get(f"/v1/people/{each}"))["id"] for each in (a, b)] == [left["id"]] * 2


@ON_ONE_DATABASE
async def test_whoever_keeps_copies_is_told(members: Caller) -> None:
    joan, jo = await members.person("Joan"), await members.person("Jo")
    made = await merge(members, joan, jo)
    await unmerge(members, jo)
    assert (await members.published(jo))[-2:] == [
        ("person.merged", {"person": jo, "into": joan, "merge": made["id"]}),
        ("person.unmerged", {"person": jo, "out_of": joan, "merge": made["id"]}),
    ]
    (shown,) = (await members.get(f"/v1/people/{jo}/merges"))["data"]
    assert (shown["id"], shown["state"], shown["survivor"]) == (made["id"], "undone", joan)


async def test_organisations_are_merged_too_and_a_branch_takes_the_place_of_its_head(members: Caller) -> None:
    async def organisation(name: str, **other: object) -> str:
        return str((await members.post("/v1/organisations", {"name": name, **other}))["id"])

    top = await organisation("Top")
    head = await organisation("Head", parent=top, website="https://example.org")
    between = await organisation("Between", parent=head)
    branch = await organisation("Branch", parent=between)
    person = await members.person()
    await members.did(person, TODAY, organisation=head)
    merged = await members.post(f"/v1/organisations/{branch}/merge", {"merged": head}, status=200)
    shown = await members.get(f"/v1/organisations/{head}")
    assert (shown["id"], shown["name"], shown["website"], shown["parent"]) == (
        branch,
        "Branch",
        "https://example.org",
        top,
    )
    assert (await members.get(f"/v1/organisations/{between}"))["parent"] == branch
    assert [each["organisation"] for each in (await members.get("/v1/activities"))["data"]] == [branch]
    assert ("organisation.merged", {"organisation": head, "into": branch, "merge": merged["id"]}) in (
        await members.published(head)
    )
    await members.post(f"/v1/organisations/{head}/unmerge", status=200)
    parents = [(await members.get(f"/v1/organisations/{each}"))["parent"] for each in (head, between, branch)]
    assert parents == [top, head, between]
    assert [each["organisation"] for each in (await members.get("/v1/activities"))["data"]] == [head]


@ON_ONE_DATABASE
async def test_another_movements_records_are_not_merged_here(members: Caller, other: Caller) -> None:
    for noun, (ours, theirs) in {
        "people": (await members.person(), await other.person()),
        "organisations": [
            (await caller.post("/v1/organisations", {"name": "Walkers"}))["id"] for caller in (members, other)
        ],
    }.items():
        for path, body in (("merge", {"merged": ours}), ("merge/preview", {"merged": ours}), ("unmerge", None)):
            assert (await members.refused(f"/v1/{noun}/{theirs}/{path}", body))[0] == 404
        assert (await members.client.get(f"/v1/{noun}/{theirs}/merges")).status_code == 404
        assert (await members.refused(f"/v1/{noun}/{ours}/merge", {"merged": theirs}))[0] == 422


async def test_whoever_was_merged_is_found_by_name_again_whatever_the_survivor_is_called(
    members: Caller,
) -> None:
    joan, jo = await members.person("Joan", family_name="Hall"), await members.person("Jo", family_name="Hall")
    await merge(members, joan, jo)
    assert [each["id"] for each in (await members.get("/v1/people", q="jo hall"))["data"]] == [joan]
    answered = await members.client.patch(
        f"/v1/people/{joan}", json={"given_name": "Joanna", "family_name": "Wood"}, headers={"If-Match": "*"}
    )
    assert answered.is_success, answered.text
    await unmerge(members, jo)
    found = {q: [each["id"] for each in (await members.get("/v1/people", q=q))["data"]] for q in ("hall", "wood")}
    assert found == {"hall": [jo], "wood": [joan]}
    assert (await members.get(f"/v1/people/{joan}"))["given_name"] == "Joanna"


@ON_ONE_DATABASE
async def test_an_answer_by_a_merged_id_says_whose_it_is(members: Caller) -> None:
    joan, jo = await members.person("Joan"), await members.person("Jo")
    await merge(members, joan, jo)
    answered = await members.client.get(f"/v1/people/{jo}")
    assert (answered.headers["content-location"], answered.json()["id"]) == (f"/v1/people/{joan}", joan)
    assert "content-location" not in (await members.client.get(f"/v1/people/{joan}")).headers


@ON_ONE_DATABASE
async def test_no_tie_is_left_between_somebody_and_themselves(members: Caller) -> None:
    joan, jo, ann = [await members.person(name) for name in ("Joan", "Jo", "Ann")]
    for other in (jo, ann):
        tie = {
            "first": joan,
            "second": other,
            "kind": "works_with",
            "since": TODAY.isoformat(),
            "told_us_on": TODAY.isoformat(),
        }
        await members.post("/v1/ties", tie)
    preview = await members.post(f"/v1/people/{joan}/merge/preview", {"merged": jo}, status=200)
    counted = {each["kind"]: (each["moved"], each["set_aside"]) for each in preview["repointed"]}
    assert counted["ties"] == (0, 1)
    await merge(members, joan, jo)
