"""Who may decide for whom: a no is taken from anybody, a yes only by authority, for one decision, and not twice."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community import cases, mapped
from tests.members.trust.test_permissions import GIVEN, REFUSED, allowed

TODAY = clock.now().date()
TOMORROW, YESTERDAY = ((TODAY + timedelta(days=days)).isoformat() for days in (1, -1))
NEXT_WEEK = (TODAY + timedelta(days=7)).isoformat()
ATTORNEY: Json = {
    "authority": "attorney_or_deputy",
    "name": "Ruth Okafor",
    "evidence": "lasting power of attorney, seen",
    "capacity_assessed_on": YESTERDAY,
}
BEST_INTERESTS: Json = {
    "authority": "best_interests",
    "name": "Dr Amin",
    "consulted": ["the_person", "family"],
    "capacity_assessed_on": YESTERDAY,
}
PARENT: Json = {"authority": "parental_responsibility", "name": "Sam's mother"}


async def decided(members: Caller, person: str, **said: object) -> Json:
    return await members.post(f"/v1/people/{person}/permissions", GIVEN | said)


async def refused(members: Caller, person: str, **said: object) -> tuple[int, Json]:
    return await members.refused(f"/v1/people/{person}/permissions", GIVEN | said)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("band", "said", "wrong"),
    [
        ("adult", {"by": PARENT}, {"/by/authority": "no_authority"}),
        ("not_asked", {"by": PARENT}, {"/by/authority": "no_authority"}),
        ("13_to_15", {"by": ATTORNEY}, {"/by/authority": "no_authority"}),
        ("13_to_15", {"by": BEST_INTERESTS, "review_on": NEXT_WEEK}, {"/by/authority": "no_authority"}),
        ("13_to_15", {"by": {"authority": "parental_responsibility"}}, {"/by/given_by": "giver_missing"}),
        ("adult", {"by": ATTORNEY | {"capacity_assessed_on": None}}, {"/by/capacity_assessed_on": "capacity_presumed"}),
        ("adult", {"by": ATTORNEY | {"capacity_assessed_on": TOMORROW}}, {"/by/capacity_assessed_on": "in_the_future"}),
        ("adult", {"by": ATTORNEY | {"evidence": None}}, {"/by/evidence": "evidence_missing"}),
        ("adult", {"by": BEST_INTERESTS}, {"/review_on": "missing"}),
        (
            "adult",
            {"by": BEST_INTERESTS | {"consulted": []}, "review_on": NEXT_WEEK},
            {"/by/consulted": "nobody_consulted"},
        ),
        ("adult", {"by": ATTORNEY | {"name": None, "given_by": new_id("person")}}, {"/by/given_by": "unknown_person"}),
        ("adult", {"holds_from": YESTERDAY}, {"/holds_from": "for_the_past"}),
        ("adult", {"review_on": TODAY.isoformat()}, {"/review_on": "in_the_past"}),
        ("adult", {"said_on": TOMORROW}, {"/said_on": "in_the_future"}),
        ("adult", {"by": {"authority": "self", "diagnosis": "dementia"}}, {"/by/diagnosis": "extra_forbidden"}),
    ],
)
async def test_a_yes_without_authority_or_for_the_past_is_refused_and_explained(
    members: Caller, band: str, said: dict[str, object], wrong: dict[str, str]
) -> None:
    person = await members.person(age_band=band)
    status, problem = await refused(members, person, **said)
    assert (status, faults(problem)) == (422, wrong)
    assert (await members.get(f"/v1/people/{person}/permissions"))["data"] == []


@pytest.mark.parametrize(
    ("band", "by"), [("13_to_15", PARENT), ("adult", ATTORNEY), ("adult", BEST_INTERESTS), ("16_to_17", None)]
)
async def test_whoever_may_decide_decides_and_anybodys_no_ends_it(
    app: FastAPI, members: Caller, band: str, by: Json | None
) -> None:
    person = await members.person(age_band=band)
    given = await decided(members, person, by=by, review_on=NEXT_WEEK, channel="post")
    assert given["by"]["authority"] == ("self" if by is None else by["authority"])
    stranger = {"by": {"authority": "best_interests"}, "channel": "post"}
    assert (await members.post(f"/v1/people/{person}/permissions", REFUSED | stranger))["decision"] == "refused"
    assert not await allowed(app, members.movement, person, channel="post")


@pytest.mark.parametrize(("jurisdiction", "alone"), [("england", False), ("scotland", True)])
async def test_a_child_permits_nothing_alone_where_the_law_asks_a_parent_too(
    members: Caller, jurisdiction: str, alone: bool
) -> None:
    record = await members.child_record(programme=await members.naming_programme(jurisdiction))
    child = (await members.sign_up("Kim", person={"age_band": "13_to_15"}, child=record))["person"]
    asset, connector = await mapped.published(members), await members.person("Connor")
    case = await members.post("/v1/connections", {"person": child, "connector": connector})
    permitting = {
        f"/v1/people/{child}/permissions": (GIVEN, "by"),
        f"/v1/connections/{case['id']}/introductions": ({"asset": asset["id"]}, "permission"),
    }
    for path, (said, who) in permitting.items():
        by_themself = await members.client.post(path, json=said | {who: {"authority": "self"}})
        assert by_themself.status_code == (201 if alone else 422), by_themself.text
        if not alone:
            assert faults(by_themself.json()) == {f"/{who}/authority": "no_authority"}
            named = {"name": "Kim's mother"} if who == "by" else {}
            await members.post(path, said | {who: {"authority": "parental_responsibility"} | named})


@ON_ONE_DATABASE
async def test_an_introduction_is_permitted_by_nobody_without_authority(members: Caller) -> None:
    case, asset = await cases.opened(members), await mapped.published(members)
    permission = {"authority": "parental_responsibility"}
    status, problem = await members.refused(
        f"{case.path}/introductions", {"asset": asset["id"], "permission": permission}
    )
    assert (status, faults(problem)) == (422, {"/permission/authority": "no_authority"})


@ON_ONE_DATABASE
async def test_nobodys_best_interests_are_marketing(members: Caller) -> None:
    person = await members.person(age_band="adult")
    await members.post("/v1/purposes", {"key": "news", "name": "News", "basis": "consent", "marketing": True})
    _, problem = await refused(members, person, by=BEST_INTERESTS, review_on=NEXT_WEEK)
    assert faults(problem) == {"/by/authority": "no_authority"}


async def test_the_same_yes_is_not_given_twice_and_a_newer_notice_is_a_new_yes(members: Caller) -> None:
    person = await members.person()
    first = await decided(members, person)
    status, problem = await refused(members, person)
    assert (status, problem["code"], problem["permission"]) == (409, "already_given", first["id"])
    await decided(members, person, notice={"name": "privacy", "version": "2"})


async def test_a_yes_after_a_no_takes_it_back_by_name_and_was_said_after_it(app: FastAPI, members: Caller) -> None:
    person = await members.person(age_band="adult")
    await decided(members, person)
    no = (await members.post(f"/v1/people/{person}/permissions", REFUSED))["id"]
    for said in ({}, {"takes_back": new_id("permission")}, {"takes_back": no, "said_on": YESTERDAY}):
        status, problem = await refused(members, person, **said)
        assert (status, problem["code"], problem["withdrawal"]) == (409, "withdrawn", no)
    _, problem = await refused(members, person, takes_back=no, by=ATTORNEY)
    assert faults(problem) == {"/by/authority": "no_authority"}
    await decided(members, person, takes_back=no)
    assert await allowed(app, members.movement, person)


async def test_a_yes_holds_from_its_first_day_until_its_review(app: FastAPI, members: Caller) -> None:
    person, now = await members.person(), clock.now()
    await decided(members, person, holds_from=TOMORROW, review_on=NEXT_WEEK)
    seen = []
    for days in (0, 2, 7, 8):
        with clock.frozen(now + timedelta(days=days)):
            seen.append(await allowed(app, members.movement, person))
    assert seen == [False, True, True, False]


async def test_a_sign_up_is_held_to_the_same_authority(members: Caller) -> None:
    said = {"person": {"given_name": "Ada", "age_band": "adult"}, "permissions": [GIVEN | {"by": PARENT}]}
    status, problem = await members.refused("/v1/sign-ups", said)
    assert (status, faults(problem)) == (422, {"/permissions/0/by/authority": "no_authority"})
    assert (await members.get("/v1/people"))["data"] == []
