"""Settings of care: the movement knows an alias, until they or whoever may decide for them ask to join."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community import mapped

NEXT_YEAR = (clock.now() + timedelta(days=365)).date().isoformat()
SELF: Json = {"authority": "self"}


async def setting(members: Caller, kind: str = "care_home", **other: object) -> Json:
    organisation = other.pop("organisation", None) or await members.organisation("Airedale House")
    said = {"kind": kind, "name": "Airedale House", "organisation": organisation, "jurisdiction": "england"}
    return await members.post("/v1/settings-of-care", said | other)


async def alias(members: Caller, where: Json, word: str = "Robin", **other: object) -> Json:
    said = {"alias": word, "interests": ["gardening"], "good_times": [{"day": "monday", "starts": "10:00"}]}
    return await members.post(f"/v1/settings-of-care/{where['id']}/aliases", said | other)


def path(known: Json, step: str = "") -> str:
    return f"/v1/settings-of-care/{known['setting']}/aliases/{known['id']}{step}"


async def joined(members: Caller, known: Json, permission: Json = SELF, **about: object) -> tuple[int, Json]:
    """What comes of somebody's wish to be known by who they are."""
    person = {"given_name": "Rosa", "age_band": "adult"} | about
    entered = {"person": person, "provenance": {"source": "care_home", "basis": "consent"}}
    body = {"person": entered, "permission": permission}
    answered = await members.client.post(path(known, "/join"), json=body, headers={"If-Match": f'"{known["version"]}"'})
    return answered.status_code, answered.json()


@pytest.fixture
async def home(members: Caller) -> Json:
    return await setting(members)


async def test_the_movement_sees_an_alias_interests_and_good_times_and_no_more(members: Caller, home: Json) -> None:
    known = await alias(members, home)
    assert set(known) == {
        "id", "version", "setting", "alias", "interests", "good_times", "state", "person", "authority", "review_on",
        "joined_at", "created_at", "updated_at",
    }  # fmt: skip
    assert (known["alias"], known["person"], known["state"]) == ("Robin", None, "open")
    assert (await members.get("/v1/people"))["data"] == []
    assert await members.published(home["id"], known["id"]) == []


async def test_what_fits_an_alias_is_suggested_with_why(members: Caller, home: Json) -> None:
    garden = await mapped.published(members)
    await mapped.published(members, title="Choir", interests=["singing"])
    known = await alias(members, home, good_times=[{"day": "tuesday"}])
    (found,) = (await members.get(path(known, "/suggestions")))["data"]
    assert (found["asset"], found["reasons"][:2]) == (
        garden["id"],
        ["It is about gardening.", "It is on every Tuesday at 10:00, when they are free."],
    )


async def test_by_their_own_permission_an_alias_becomes_a_person_without_a_rung(members: Caller, home: Json) -> None:
    known = await alias(members, home)
    status, after = await joined(members, known, interests=["singing"])
    assert (status, after["state"], after["authority"], after["interests"]) == (200, "joined", "self", [])
    person = await members.get(f"/v1/people/{after['person']}")
    assert (person["given_name"], sorted(person["interests"])) == ("Rosa", ["gardening", "singing"])
    assert (await joined(members, after))[1]["code"] == "illegal_transition"
    nomination = {"nominee": after["person"], "giver": await members.person("Joan")}
    assert (await members.refused("/v1/nominations", nomination))[1]["code"] == "not_nominated"
    member = await members.post("/v1/memberships", {"person": after["person"]})
    assert (member["person"], (await members.ladder(after["person"]))["rung"]) == (after["person"], None)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("permission", "about", "wrong"),
    [
        (
            {"authority": "parental_responsibility", "review_on": NEXT_YEAR},
            {},
            {"/permission/authority": "no_authority"},
        ),
        (
            {"authority": "attorney_or_deputy", "review_on": NEXT_YEAR},
            {"age_band": "13_to_15"},
            {"/permission/authority": "no_authority"},
        ),
        (
            {"authority": "best_interests", "consulted": ["family"], "review_on": NEXT_YEAR},
            {"age_band": "under_13"},
            {"/permission/authority": "no_authority"},
        ),
        (
            {"authority": "attorney_or_deputy", "review_on": "2020-01-01"},
            {},
            {"/permission/review_on": "not_in_the_future"},
        ),
    ],
)
async def test_nobody_joins_by_the_word_of_somebody_without_authority(
    members: Caller, home: Json, permission: Json, about: Json, wrong: dict[str, str]
) -> None:
    known = await alias(members, home)
    status, problem = await joined(members, known, permission, **about)
    assert (status, faults(problem)) == (422, wrong)
    assert (await members.get("/v1/people"))["data"] == []
    assert (await members.get(path(known)))["state"] == "open"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "permission",
    [
        {"authority": "best_interests", "review_on": NEXT_YEAR},  # nobody was consulted
        {"authority": "attorney_or_deputy"},  # never to be looked at again
        {"authority": "the_manager"},
    ],
)
async def test_a_decision_for_somebody_else_says_who_was_asked_and_when_it_is_reviewed(
    members: Caller, home: Json, permission: Json
) -> None:
    assert (await joined(members, await alias(members, home), permission))[0] == 422


@ON_ONE_DATABASE
async def test_in_their_best_interests_an_adult_joins_with_who_was_asked(members: Caller, home: Json) -> None:
    permission = {"authority": "best_interests", "consulted": ["family", "advocate"], "review_on": NEXT_YEAR}
    status, after = await joined(members, await alias(members, home), permission)
    assert (status, after["authority"], after["review_on"]) == (200, "best_interests", NEXT_YEAR)


@ON_ONE_DATABASE
async def test_a_child_of_a_school_joins_only_with_what_lets_a_child_be_named(members: Caller) -> None:
    school = await setting(members, "school")
    known = await alias(members, school)
    parent = {"authority": "parental_responsibility", "review_on": NEXT_YEAR}
    status, problem = await joined(members, known, parent, age_band="13_to_15")
    assert (status, problem["code"]) == (422, "child_record_missing")


async def test_what_is_withdrawn_is_forgotten_and_its_alias_is_free(members: Caller, home: Json) -> None:
    known = await alias(members, home)
    assert (await members.refused(f"/v1/settings-of-care/{home['id']}/aliases", {"alias": "Robin"}))[1]["code"] == (
        "alias_taken"
    )
    answered = await members.client.post(path(known, "/withdraw"), headers={"If-Match": "*"})
    gone = answered.json()
    assert (gone["state"], gone["alias"], gone["interests"], gone["good_times"]) == ("withdrawn", "", [], [])
    await alias(members, home)
    edit = await members.client.patch(path(gone), json={"interests": ["singing"]}, headers={"If-Match": "*"})
    assert edit.json()["code"] == "illegal_transition"


@ON_ONE_DATABASE
async def test_an_edit_replaces_lists_and_needs_the_version_that_was_read(members: Caller, home: Json) -> None:
    known = await alias(members, home)
    edit = {"interests": ["singing"], "good_times": [{"day": "friday", "starts": None, "ends": None}]}
    answered = await members.client.patch(path(known), json=edit, headers={"If-Match": '"1"'})
    assert {key: answered.json()[key] for key in edit} == edit
    assert (await members.client.patch(path(known), json=edit, headers={"If-Match": '"1"'})).status_code == 412
    moved = await members.client.patch(
        f"/v1/settings-of-care/{home['id']}", json={"postcode": "BD20 6TD"}, headers={"If-Match": '"1"'}
    )
    assert (moved.json()["postcode"], moved.json()["version"]) == ("BD20 6TD", 2)


@pytest.fixture
async def other_home(app: FastAPI, vouching: Secrets, members: Caller) -> AsyncIterator[Caller]:
    """A key of another organisation of the movement."""
    async with Caller(app, vouching, members.movement, organisation=await members.organisation("Beck House")) as caller:
        yield caller


async def test_a_setting_is_seen_by_its_controller_and_the_movement_and_by_no_other(
    app: FastAPI, vouching: Secrets, members: Caller, home: Json, other_home: Caller
) -> None:
    known = await alias(members, home)
    async with Caller(app, vouching, members.movement, organisation=home["organisation"]) as its_own:
        assert (await its_own.get(path(known)))["alias"] == "Robin"
        assert len((await its_own.get("/v1/settings-of-care"))["data"]) == 1
    assert (await other_home.get("/v1/settings-of-care"))["data"] == []
    assert (await other_home.client.get(path(known))).status_code == 404
    assert (await other_home.client.get(f"/v1/settings-of-care/{home['id']}/aliases")).status_code == 404
    assert (await joined(other_home, known))[0] == 404
    theirs = {"kind": "ward", "name": "Ward", "organisation": home["organisation"], "jurisdiction": "wales"}
    assert (await other_home.refused("/v1/settings-of-care", theirs))[0] == 404


async def test_another_movements_settings_are_unknown_here(members: Caller, other: Caller) -> None:
    theirs = await setting(other)
    known = await alias(other, theirs)
    assert (await members.get("/v1/settings-of-care"))["data"] == []
    for asked in (f"/v1/settings-of-care/{theirs['id']}", path(known), path(known, "/suggestions")):
        assert (await members.client.get(asked)).status_code == 404
    assert (await joined(members, known))[0] == 404
    ours = await setting(members)
    assert (await members.client.get(f"/v1/settings-of-care/{ours['id']}/aliases/{known['id']}")).status_code == 404
    said = {"kind": "school", "name": "S", "organisation": theirs["organisation"], "jurisdiction": "scotland"}
    assert faults((await members.refused("/v1/settings-of-care", said))[1]) == {"/organisation": "unknown_organisation"}


@ON_ONE_DATABASE
@pytest.mark.parametrize("word", ["rosa@example.org", "01535 123456 78901", "", "R" * 41])
async def test_an_address_or_a_number_is_no_alias(members: Caller, word: str) -> None:
    status, problem = await members.refused(
        f"/v1/settings-of-care/{new_id('setting')}/aliases", {"alias": word, "interests": []}
    )
    assert (status, list(faults(problem))) == (422, ["/alias"])
