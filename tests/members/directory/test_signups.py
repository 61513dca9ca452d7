"""Signing up: one request, one transaction, and the same again as often as anybody likes."""

import asyncio
import json

import pytest

from shared.ids import new_id
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

NEWS = {
    "purpose": "news",
    "channel": "email",
    "decision": "given",
    "notice": {"name": "privacy", "version": "2026-01"},
}
CRM = {"system": "civicrm", "id": "10432"}


async def test_a_sign_up_makes_person_permissions_pledge_and_membership_at_once(members: Caller) -> None:
    made = await members.sign_up(
        "Siân",
        person={"family_name": "O’Neill", "emails": [{"address": "sian@EXAMPLE.org"}], "external_ids": [CRM]},
        permissions=[NEWS, {"purpose": "research", "channel": "phone", "decision": "refused"}],
        pledge={"text": "I will walk to work.", "campaign": "walk_more", "due_on": "2027-01-31"},
    )
    assert made["rung"] == "follower"
    assert len(made["permissions"]) == 2
    person = await members.get(f"/v1/people/{made['person']}")
    assert person["emails"] == [{"address": "sian@example.org", "primary": True}]
    assert person["external_ids"] == [CRM]
    assert person["membership"]["id"] == made["membership"]
    assert person["membership"]["state"] == "active"
    (pledge,) = (await members.get("/v1/pledges"))["data"]
    assert pledge["id"] == made["pledge"]
    assert (pledge["person"], pledge["campaign"], pledge["due_on"]) == (made["person"], "walk_more", "2027-01-31")


async def test_a_sign_up_needs_no_more_than_a_given_name(members: Caller) -> None:
    made = await members.sign_up("Ada")
    assert made == {
        "person": made["person"],
        "membership": made["membership"],
        "rung": "observer",
        "permissions": [],
        "pledge": None,
    }


async def test_a_sign_up_is_announced_without_a_name_or_a_word(members: Caller) -> None:
    made = await members.sign_up(
        "Zebedee", permissions=[NEWS], pledge={"text": "Something private", "campaign": "walk_more"}
    )
    person = made["person"]
    published = await members.published(person)
    assert [type_ for type_, _ in published] == [
        "person.created",
        "membership.joined",
        "permission.given",
        "pledge.made",
        "activity.recorded",
        "membership.rung_changed",
    ]
    by_type = dict(published)
    assert by_type["membership.joined"] == {"person": person, "membership": made["membership"], "brought_by": None}
    assert by_type["permission.given"] == {
        "person": person,
        "permission": made["permissions"][0],
        "purpose": "news",
        "channel": "email",
    }
    assert by_type["pledge.made"] == {"person": person, "pledge": made["pledge"], "campaign": "walk_more"}
    assert by_type["membership.rung_changed"]["from_rung"] == "observer"
    assert by_type["membership.rung_changed"]["to_rung"] == "follower"
    assert "Zebedee" not in str(published)
    assert "private" not in str(published)


async def test_a_refused_permission_is_kept_and_not_announced(members: Caller) -> None:
    made = await members.sign_up(permissions=[{"purpose": "news", "channel": "sms", "decision": "refused"}])
    assert len(made["permissions"]) == 1
    assert "permission.given" not in dict(await members.published())


async def test_the_same_sign_up_again_answers_200_with_the_same_and_makes_nothing(members: Caller) -> None:
    hubspot = {"system": "hubspot", "id": "7"}
    phones = [{"number": "01594 555 010"}]
    rest = {"permissions": [NEWS, {**NEWS, "channel": "post"}], "pledge": {"text": "I will walk to work."}}
    said = {"person": {"given_name": "Ada", "phones": phones, "external_ids": [CRM, hubspot]}, **rest}
    first = await members.post("/v1/sign-ups", said)
    published = await members.published()
    again = {"person": {"given_name": "Ada", "phones": phones, "external_ids": [hubspot, CRM]}, **rest}
    assert await members.post("/v1/sign-ups", again, status=200) == first
    assert await members.published() == published


async def test_another_sign_up_with_a_known_external_id_is_a_conflict_that_names_the_person(members: Caller) -> None:
    first = await members.sign_up("Ada", person={"external_ids": [CRM]})
    for changed in ({"given_name": "Eve", "external_ids": [CRM]}, _with_another_id("Ada")):
        status, problem = await members.refused("/v1/sign-ups", {"person": changed})
        assert (status, problem["code"]) == (409, "already_signed_up")
        assert problem["person"] == first["person"]
    assert len((await members.get("/v1/people"))["data"]) == 1
    new = await members.sign_up("Eve", person={"external_ids": [{"system": "hubspot", "id": "8"}]})
    assert new["person"] != first["person"], "the refused sign-up must not have kept its other external id"


def _with_another_id(given_name: str) -> dict[str, object]:
    return {"given_name": given_name, "external_ids": [{"system": "hubspot", "id": "8"}, CRM]}


async def test_of_many_sign_ups_of_one_external_id_at_once_exactly_one_makes_a_person(members: Caller) -> None:
    body = {"person": {"given_name": "Ada", "external_ids": [CRM]}}
    answers = await asyncio.gather(*(members.client.post("/v1/sign-ups", json=body) for _ in range(12)))
    assert sorted(answered.status_code for answered in answers) == [200] * 11 + [201]
    assert len({answered.json()["person"] for answered in answers}) == 1
    assert len((await members.get("/v1/people"))["data"]) == 1


async def test_an_idempotency_key_makes_a_sign_up_without_external_id_repeatable(members: Caller) -> None:
    headers, body = {"Idempotency-Key": "form-1"}, {"person": {"given_name": "Ada"}}
    first, second = [await members.client.post("/v1/sign-ups", json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"


async def test_two_people_may_share_an_address(members: Caller) -> None:
    shared = {"emails": [{"address": "inbox@example.org"}]}
    assert await members.person("Ada", **shared) != await members.person("Eve", **shared)


@pytest.mark.parametrize("known_by", ["person", "external_id"])
async def test_whoever_brought_them_is_credited(members: Caller, known_by: str) -> None:
    bringer = await members.person("Ada", external_ids=[CRM])
    brought_by = {"person": bringer} if known_by == "person" else {"external_id": CRM}
    came = await members.sign_up("Eve", brought_by=brought_by)
    assert (await members.get(f"/v1/people/{came['person']}"))["membership"]["brought_by"] == bringer
    assert dict(await members.published(came["person"]))["membership.joined"]["brought_by"] == bringer
    (credit,) = (await members.get("/v1/activities", person=bringer))["data"]
    assert (credit["kind"], credit["counterpart"]) == ("brought_somebody", came["person"])
    assert (await members.ladder(bringer))["rung"] == "follower"
    assert came["rung"] == "observer"


async def test_an_unknown_bringer_is_a_fault_and_nobody_joins(members: Caller, other: Caller) -> None:
    elsewhere = await other.person("Ada", external_ids=[CRM])
    for brought_by, pointer in (
        ({"person": new_id("person")}, "/brought_by/person"),
        ({"person": elsewhere}, "/brought_by/person"),
        ({"external_id": CRM}, "/brought_by/external_id"),
    ):
        body = {"person": {"given_name": "Eve"}, "brought_by": brought_by}
        status, problem = await members.refused("/v1/sign-ups", body)
        assert (status, faults(problem)) == (422, {pointer: "unknown_person"})
    assert (await members.get("/v1/people"))["data"] == []


async def test_nobody_under_13_signs_up(members: Caller) -> None:
    body = {"person": {"given_name": "Ben", "age_band": "under_13"}}
    status, problem = await members.refused("/v1/sign-ups", body)
    assert (status, problem["code"], faults(problem)) == (422, "under_13", {"/person/age_band": "under_13"})
    assert (await members.get("/v1/people"))["data"] == []


async def test_somebody_of_13_to_15_signs_up_and_has_no_rung(members: Caller) -> None:
    made = await members.sign_up("Ben", person={"age_band": "13_to_15"}, pledge={"text": "I will cycle."})
    assert made["rung"] is None
    assert "membership.rung_changed" not in dict(await members.published(made["person"]))


@ON_ONE_DATABASE
async def test_every_fault_of_a_sign_up_is_named_by_its_pointer_and_no_input_is_repeated(members: Caller) -> None:
    body = {
        "person": {
            "given_name": "  ",
            "emails": [{"address": "not-an-address"}, {"address": "a@example.org", "main": True}],
            "phones": [{"number": "call me"}, {"number": "1"}],
            "postcode": "!",
            "languages": ["english please"],
            "age_band": "seventy",
            "external_ids": [{"system": "Civi CRM", "id": ""}],
            "favourite_colour": "blue",
        },
        "permissions": [{"purpose": "news", "channel": "pigeon", "decision": "given"}, {**NEWS, "notice": None}],
        "pledge": {"text": "", "due_on": "soon"},
        "brought_by": {},
    }
    status, problem = await members.refused("/v1/sign-ups", body)
    assert status == 422
    assert set(faults(problem)) == {
        "/person/given_name",
        "/person/emails/0/address",
        "/person/emails/1/main",
        "/person/phones/0/number",
        "/person/phones/1/number",
        "/person/postcode",
        "/person/languages/0",
        "/person/age_band",
        "/person/external_ids/0/system",
        "/person/external_ids/0/id",
        "/person/favourite_colour",
        "/permissions/0/channel",
        "/permissions/1",
        "/pledge/text",
        "/pledge/due_on",
        "/brought_by",
    }
    assert not any(sent in str(problem) for sent in ("not-an-address", "call me", "english please", "blue"))


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("about", "pointer"),
    [
        ({"emails": [{"address": "a@example.org"}, {"address": "A@example.org"}]}, "/person/emails"),
        ({"emails": [{"address": f"{n}@example.org", "primary": True} for n in range(2)]}, "/person/emails"),
        ({"phones": [{"number": "01594 555010"}, {"number": "(01594) 555-010"}]}, "/person/phones"),
        ({"external_ids": [CRM, CRM]}, "/person/external_ids"),
        ({"languages": ["cy", "CY"]}, "/person/languages"),
        ({"given_name": "Nul\x00"}, "/person/given_name"),
        ({"given_name": "two\nlines"}, "/person/given_name"),
        ({"given_name": "\ud800"}, "/person/given_name"),
        ({"given_name": "x" * 201}, "/person/given_name"),
        ({"given_name": 7}, "/person/given_name"),
    ],
)
async def test_a_person_that_cannot_be_stored_as_said_is_refused(
    members: Caller, about: dict[str, object], pointer: str
) -> None:
    body = json.dumps({"person": {"given_name": "Ada", **about}})
    answered = await members.client.post("/v1/sign-ups", content=body, headers={"content-type": "application/json"})
    assert answered.status_code == 422, answered.text
    assert set(faults(answered.json())) == {pointer}


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [("{", 400, "malformed_json"), ("", 422, "invalid"), ("[]", 422, "invalid"), ("null", 422, "invalid")],
)
async def test_a_body_that_is_no_sign_up_gets_a_problem(members: Caller, content: str, status: int, code: str) -> None:
    headers = {"content-type": "application/json"}
    answered = await members.client.post("/v1/sign-ups", content=content, headers=headers)
    assert (answered.status_code, answered.json()["code"]) == (status, code)


async def test_a_sign_up_says_how_the_movement_came_to_it(members: Caller) -> None:
    provenance = {
        "source": "paper_form",
        "reference": "Box 4",
        "basis": "consent",
        "notice": {"name": "privacy", "version": "2026-01"},
        "notice_given_on": "2026-01-31",
    }
    made = await members.sign_up(provenance=provenance)
    (shown,) = (await members.get(f"/v1/people/{made['person']}"))["provenance"]
    assert shown.pop("id").startswith("provenance_")
    assert shown.pop("recorded_at")
    assert shown == provenance | {"notice": {"name": "privacy", "version": "2026-01", "language": "en"}}
