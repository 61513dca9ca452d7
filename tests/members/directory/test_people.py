"""Reading people: one, a list, and the three ways to find somebody."""

import pytest

from shared.ids import new_id
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller


async def names(members: Caller, **filters: str | int) -> list[str]:
    return [person["given_name"] for person in (await members.get("/v1/people", **filters))["data"]]


async def test_a_person_is_shown_as_they_were_given(members: Caller) -> None:
    person = await members.person(
        "Margaret",
        family_name="Hall",
        known_as="Peggy",
        emails=[{"address": "hall@example.org"}, {"address": "Peggy@Example.ORG", "primary": True}],
        phones=[{"number": "+44 (0)1594 555-010"}],
        postcode=" gl16  8dn",
        languages=["en", "pa-Guru"],
        age_band="adult",
        contact_preference=["phone", "post"],
        access_needs="Large print, please.",
        interests=["Walking  Football"],
        skills=["first aid", "Welsh"],
        tags=["pilot"],
    )
    shown = await members.get(f"/v1/people/{person}")
    membership = shown.pop("membership")
    assert shown == {
        "id": person,
        "given_name": "Margaret",
        "family_name": "Hall",
        "known_as": "Peggy",
        "emails": [
            {"address": "Peggy@example.org", "primary": True},
            {"address": "hall@example.org", "primary": False},
        ],
        "phones": [{"number": "+44 (0)1594 555-010", "digits": "+4401594555010"}],
        "postcode": "GL16 8DN",
        "languages": ["en", "pa-Guru"],
        "age_band": "adult",
        "date_of_birth": None,
        "contact_preference": ["phone", "post"],
        "access_needs": "Large print, please.",
        "interests": ["walking football"],
        "skills": ["first aid", "welsh"],
        "tags": ["pilot"],
        "custom": {},
        "external_ids": [],
        "provenance": [],
        "version": 1,
        "created_at": membership["joined_at"],
        "updated_at": membership["joined_at"],
    }
    assert (membership["rung"], membership["brought_by"]) == ("observer", None)


@pytest.mark.parametrize("path", ["/v1/people/{}", "/v1/people/{}/ladder"])
async def test_an_unknown_person_is_404_and_a_malformed_id_422(members: Caller, path: str) -> None:
    assert (await members.client.get(path.format(new_id("person")))).status_code == 404
    assert (await members.client.get(path.format("person_1"))).status_code == 422
    assert (await members.client.get(path.format(new_id("fund")))).status_code == 422


async def test_people_are_listed_in_the_order_of_joining_page_by_page(members: Caller) -> None:
    joined = [await members.person(f"P{number}") for number in range(7)]
    seen: list[str] = []
    parameters: dict[str, str | int] = {"limit": 3}
    while True:
        page = await members.get("/v1/people", **parameters)
        seen += [person["id"] for person in page["data"]]
        if page["next_cursor"] is None:
            break
        parameters["cursor"] = page["next_cursor"]
        joined.append(await members.person("Late"))
        if len(joined) > 9:
            break
    assert seen == joined[: len(seen)]
    assert len(seen) >= 7


async def test_a_cursor_of_another_list_is_refused(members: Caller) -> None:
    for _ in range(2):
        await members.person()
    cursor = (await members.get("/v1/people", limit=1))["next_cursor"]
    for path, given in (("/v1/activities", cursor), ("/v1/people", cursor + "x"), ("/v1/people", "nonsense")):
        answered = await members.client.get(path, params={"cursor": given})
        assert (answered.status_code, answered.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("sia", ["Siân"]),
        ("SIÂN", ["Siân"]),
        ("oneill s", ["Siân"]),
        ("O’Neill", ["Siân"]),
        ("peg", ["Margaret"]),
        ("hall", ["Margaret", "Joan"]),
        ("hall jo", ["Joan"]),
        ("wood", ["Joan"]),
        ("all", []),
        ("hall x", []),
        ("%", None),
    ],
)
async def test_people_are_found_by_the_beginnings_of_their_names(
    members: Caller, q: str, found: list[str] | None
) -> None:
    await members.person("Siân", family_name="O'Neill")
    await members.person("Margaret", family_name="Hall", known_as="Peggy")
    await members.person("Joan", family_name="Hall-Wood")
    if found is None:
        assert (await members.client.get("/v1/people", params={"q": q})).status_code == 422
    else:
        assert await names(members, q=q) == found


async def test_people_are_found_by_rung(members: Caller) -> None:
    await members.sign_up("Ada", pledge={"text": "I will walk."})
    await members.sign_up("Eve")
    assert await names(members, rung="follower") == ["Ada"]
    assert await names(members, rung="observer") == ["Eve"]
    assert await names(members, rung="co_owner") == []
    assert (await members.client.get("/v1/people", params={"rung": "boss"})).status_code == 422


async def test_people_are_found_by_external_id(members: Caller) -> None:
    await members.person("Ada", external_ids=[{"system": "civicrm", "id": "1"}])
    await members.person("Eve", external_ids=[{"system": "hubspot", "id": "1"}])
    assert await names(members, external_system="civicrm", external_id="1") == ["Ada"]
    assert await names(members, external_system="civicrm", external_id="2") == []


async def test_people_are_found_by_tag(members: Caller) -> None:
    await members.person("Ada", tags=["pilot"])
    await members.person("Eve", interests=["pilot"])
    assert await names(members, tag="PILOT") == ["Ada"]


@ON_ONE_DATABASE
async def test_half_an_external_id_is_a_fault(members: Caller) -> None:
    for given, missing in (("external_system", "?external_id"), ("external_id", "?external_system")):
        answered = await members.client.get("/v1/people", params={given: "civicrm"})
        assert (answered.status_code, faults(answered.json())) == (422, {missing: "missing"})


@ON_ONE_DATABASE
async def test_a_control_character_in_the_query_is_refused(members: Caller) -> None:
    for character, status in (("\x00", 400), ("\x07", 422)):
        answered = await members.client.get(
            "/v1/people", params={"external_system": "civicrm", "external_id": f"a{character}"}
        )
        assert answered.status_code == status, answered.text
