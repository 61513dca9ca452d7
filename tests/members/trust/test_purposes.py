"""What data is used for: each purpose rests on a basis, and needs a yes where the law or the movement says so."""

import pytest
from fastapi import FastAPI

from services.members.trust.permissions import domain
from services.members.trust.permissions.models import Reason
from shared import clock
from shared.db.session import Session
from shared.parts import Parts
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

NEWS = {"key": "news", "name": "The newsletter", "basis": "legitimate_interests", "assessment": "LIA-7"}
REFUSED = {"purpose": "news", "channel": "post", "decision": "refused"}


async def why(app: FastAPI, movement: str, person: str, purpose: str, channel: str) -> Reason:
    def asked(session: Session) -> Reason:
        (reason,) = domain.verdict(session, movement, person, purpose, channel, clock.now()).reasons
        return reason

    parts: Parts = app.state.parts
    return await parts.db.read(asked)


async def test_a_basis_other_than_consent_needs_no_yes_and_obeys_a_no(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    assert await why(app, members.movement, person, "news", "post") is Reason.NEVER_GIVEN
    await members.post("/v1/purposes", NEWS)
    assert await why(app, members.movement, person, "news", "post") is Reason.LAWFUL
    await members.post(f"/v1/people/{person}/permissions", REFUSED)
    assert await why(app, members.movement, person, "news", "post") is Reason.REFUSED


@ON_ONE_DATABASE
async def test_electronic_marketing_needs_a_yes_whatever_the_basis(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    entered = await members.post("/v1/purposes", NEWS | {"marketing": True, "consent_over": ["phone"]})
    assert entered["consent_over"] == ["email", "sms", "phone"]
    assert await why(app, members.movement, person, "news", "sms") is Reason.NEVER_GIVEN
    assert await why(app, members.movement, person, "news", "post") is Reason.LAWFUL
    nothing: dict[str, list[str]] = {"consent_over": []}
    changed = await members.client.patch("/v1/purposes/news", json=nothing, headers={"if-match": '"1"'})
    assert changed.json()["consent_over"] == ["email", "sms"]


@ON_ONE_DATABASE
async def test_explicit_consent_for_special_categories_needs_a_yes_throughout(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    further = {"special_categories": ["health"], "further_condition": "explicit_consent"}
    await members.post("/v1/purposes", NEWS | further)
    assert await why(app, members.movement, person, "news", "in_person") is Reason.NEVER_GIVEN


@ON_ONE_DATABASE
async def test_nothing_is_permitted_for_a_purpose_that_is_retired(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    await members.post("/v1/purposes", NEWS)
    retired = await members.client.post("/v1/purposes/news/retire", headers={"if-match": '"1"'})
    assert retired.json()["retired_at"] is not None
    assert await why(app, members.movement, person, "news", "post") is Reason.RETIRED
    again = await members.client.post("/v1/purposes/news/retire", headers={"if-match": '"2"'})
    assert (again.status_code, again.json()["code"]) == (409, "purpose_retired")


@ON_ONE_DATABASE
async def test_the_softwares_own_purposes_are_listed_until_they_are_settled(members: Caller, other: Caller) -> None:
    assumed = (await members.get("/v1/purposes/administration"))["settled"]
    await members.post("/v1/purposes", NEWS | {"key": "administration"})
    of_each = [await caller.get("/v1/purposes") for caller in (members, other)]
    settled = [[row["settled"] for row in found["data"] if row["key"] == "administration"] for found in of_each]
    assert (assumed, settled) == (False, [[True], [False]])


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"assessment": None}, "/assessment", "assessment_missing"),
        ({"special_categories": ["health"]}, "/further_condition", "further_condition_missing"),
        ({"further_condition": "made_public"}, "/special_categories", "missing"),
        ({"basis": "because"}, "/basis", "enum"),
        ({"key": "The News"}, "/key", "string_pattern_mismatch"),
    ],
)
async def test_a_purpose_without_what_the_law_asks_for_is_refused(
    members: Caller, wrong: dict[str, object], pointer: str, code: str
) -> None:
    status, problem = await members.refused("/v1/purposes", NEWS | wrong)
    assert (status, faults(problem)) == (422, {pointer: code})


@ON_ONE_DATABASE
async def test_a_purpose_is_entered_once_and_edited_at_its_version(members: Caller) -> None:
    await members.post("/v1/purposes", NEWS)
    status, problem = await members.refused("/v1/purposes", NEWS)
    assert (status, problem["code"]) == (409, "already_entered")
    for version, answer in (('"7"', 412), (None, 428)):
        headers = {} if version is None else {"if-match": version}
        changed = await members.client.patch("/v1/purposes/news", json={"name": "News"}, headers=headers)
        assert changed.status_code == answer
    emptied = await members.client.patch("/v1/purposes/news", json={"assessment": None}, headers={"if-match": '"1"'})
    assert faults(emptied.json()) == {"/assessment": "assessment_missing"}
    assert (await members.get("/v1/purposes/news"))["assessment"] == "LIA-7"


@ON_ONE_DATABASE
async def test_a_purpose_points_to_a_rule_that_says_for_how_long(members: Caller) -> None:
    status, problem = await members.refused("/v1/purposes", NEWS | {"retention": "no_such_kind"})
    assert (status, faults(problem)) == (422, {"/retention": "unknown_kind"})
    entered = await members.post("/v1/purposes", NEWS | {"retention": "people"})
    assert (await members.get(f"/v1/retention/{entered['retention']}"))["rule"]["after"] == "last_heard"
