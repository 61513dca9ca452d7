"""Whom a partner's CRM tells of: known or entered, and by which of the movement's own rules they are not entered."""

from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.trust.erasing import erased

PROVENANCE = {"source": "hubspot", "reference": "crm_connection", "basis": "legitimate_interests"}
ADA = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "emails": [{"address": "ada@example.org"}],
    "external_ids": [{"system": "hubspot", "id": "151"}],
}


async def told(members: Caller, *, is_new: bool = False, **about: object) -> Json:
    body = {"person": ADA | about, "provenance": PROVENANCE, "is_new": is_new}
    return await members.post("/internal/crm/people", body, status=200)


def called(by: str) -> list[dict[str, str]]:
    return [{"system": "hubspot", "id": by}]


async def test_somebody_is_entered_once_however_often_a_crm_tells_of_them(members: Caller) -> None:
    first = await told(members)
    assert (first["outcome"], first["alike"]) == ("entered", [])
    again = await told(members, given_name="Augusta")
    assert (again["outcome"], again["person"]) == ("known", first["person"])
    (ada,) = await members.every("/v1/people")
    assert (ada["given_name"], ada["membership"]) == ("Ada", None)
    assert [each["source"] for each in ada["provenance"]] == ["hubspot"]


async def test_whoever_looks_like_somebody_known_is_entered_only_once_a_person_has_said_that_they_are_new(
    members: Caller,
) -> None:
    first = await told(members)
    alike = await told(members, external_ids=called("152"), given_name="ADA")
    assert (alike["outcome"], alike["person"], alike["alike"]) == ("looks_known", None, [first["person"]])
    assert len(await members.every("/v1/people")) == 1
    sister = await told(members, external_ids=called("153"), given_name="Ottilie", family_name="King")
    assert sister["outcome"] == "entered", "an inbox is no identity"
    twin = await told(members, external_ids=called("152"), is_new=True)
    assert twin["outcome"] == "entered"
    assert len(await members.every("/v1/people")) == 3


@ON_ONE_DATABASE
async def test_a_merged_persons_id_of_the_crm_answers_with_who_they_are_now(members: Caller) -> None:
    first, second = await told(members), await told(members, external_ids=called("152"), is_new=True)
    await members.post(f"/v1/people/{first['person']}/merge", {"merged": second["person"]}, status=200)
    known = await told(members, external_ids=called("152"))
    assert (known["outcome"], known["person"]) == ("known", first["person"])


@ON_ONE_DATABASE
async def test_nobody_who_was_erased_comes_back_by_a_crm(user: Caller) -> None:
    person = (await told(user))["person"]
    await erased(user, person)
    assert (await told(user))["outcome"] == "kept_out"
    assert (await told(user, external_ids=called("900")))["outcome"] == "kept_out", "nor under another id of the CRM"
    assert await user.every("/v1/people") == []


@ON_ONE_DATABASE
async def test_no_child_is_named_or_changed_by_a_crm(members: Caller) -> None:
    assert (await told(members, age_band="13_to_15"))["outcome"] == "child"
    assert await members.every("/v1/people") == []
    await members.sign_up("Tom", person={"age_band": "13_to_15", "external_ids": called("7")})
    known = await told(members, external_ids=called("7"))
    assert (known["outcome"], known["person"]) == ("child", None)


@ON_ONE_DATABASE
async def test_somebody_is_told_of_by_the_one_id_of_the_crm(members: Caller) -> None:
    body = {"person": ADA | {"external_ids": []}, "provenance": PROVENANCE}
    status, problem = await members.refused("/internal/crm/people", body)
    assert (status, [each["code"] for each in problem["errors"]]) == (422, ["one_external_id"])
