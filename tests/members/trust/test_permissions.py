"""What people allow: decisions are added to, the latest holds, and every path asks the same function."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from services.members.directory.people.models import MergedPerson
from services.members.trust.permissions import domain
from shared import clock
from shared.db.session import Session
from shared.ids import new_id
from shared.parts import Parts
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

GIVEN = {"purpose": "news", "channel": "email", "decision": "given", "notice": {"name": "privacy", "version": "1"}}
REFUSED = {"purpose": "news", "channel": "email", "decision": "refused"}


async def allowed(app: FastAPI, movement: str, person: str, purpose: str = "news", channel: str = "email") -> bool:
    def asked(session: Session) -> bool:
        return domain.permitted(session, movement, person, purpose, channel, clock.now())

    parts: Parts = app.state.parts
    return await parts.db.read(asked)


async def test_a_refusal_after_a_giving_ends_it_and_a_new_giving_starts_again(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    expected = [False]
    seen = [await allowed(app, members.movement, person)]
    no = None
    for decision, then in ((GIVEN, True), (REFUSED, False), (GIVEN, True)):
        no = (await members.post(f"/v1/people/{person}/permissions", decision | {"takes_back": no}))["id"]
        seen.append(await allowed(app, members.movement, person))
        expected.append(then)
    assert seen == expected
    listed = (await members.get(f"/v1/people/{person}/permissions"))["data"]
    assert [row["decision"] for row in listed] == ["given", "refused", "given"]
    assert listed[0]["notice"] == {"name": "privacy", "version": "1", "language": "en"}


@ON_ONE_DATABASE
async def test_a_permission_holds_for_its_purpose_and_channel_alone(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    await members.post(f"/v1/people/{person}/permissions", GIVEN)
    assert await allowed(app, members.movement, person)
    assert not await allowed(app, members.movement, person, channel="sms")
    assert not await allowed(app, members.movement, person, purpose="research")


@ON_ONE_DATABASE
async def test_what_was_allowed_at_a_moment_is_answered_for_that_moment(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    before = clock.now() - timedelta(seconds=1)
    await members.post(f"/v1/people/{person}/permissions", GIVEN)

    def asked(session: Session) -> bool:
        return domain.permitted(session, members.movement, person, "news", "email", before)

    assert not await app.state.parts.db.read(asked)


async def test_a_merged_id_answers_for_who_the_person_is_now(app: FastAPI, members: Caller) -> None:
    person, merged = await members.person("Ada"), new_id("person")
    await members.post(f"/v1/people/{person}/permissions", GIVEN)

    def merge(session: Session) -> None:
        session.add(MergedPerson(movement=members.movement, merged=merged, person=person))

    await app.state.parts.db.write(merge)
    assert await allowed(app, members.movement, merged)
    assert (await members.get(f"/v1/people/{merged}"))["id"] == person
    refused = await members.post(f"/v1/people/{merged}/permissions", REFUSED)
    assert refused["person"] == person
    assert not await allowed(app, members.movement, person)


@ON_ONE_DATABASE
async def test_the_log_is_told_what_was_given_and_what_was_ended(members: Caller) -> None:
    person = await members.person()
    no = (await members.post(f"/v1/people/{person}/permissions", REFUSED))["id"]
    await members.post(f"/v1/people/{person}/permissions", GIVEN | {"takes_back": no})
    await members.post(f"/v1/people/{person}/permissions", REFUSED)
    told = [event for event, _ in await members.published(person) if event.startswith("permission.")]
    assert told == ["permission.given", "permission.ended"]


@ON_ONE_DATABASE
async def test_nobody_decides_for_somebody_unknown(members: Caller, other: Caller) -> None:
    for person in (new_id("person"), await other.person()):
        assert (await members.refused(f"/v1/people/{person}/permissions", GIVEN))[0] == 404
        assert (await members.client.get(f"/v1/people/{person}/permissions")).status_code == 404


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "pointer"), [(GIVEN | {"notice": None}, ""), (GIVEN | {"channel": "pigeon"}, "/channel")]
)
async def test_a_decision_with_a_fault_is_refused(members: Caller, body: dict[str, object], pointer: str) -> None:
    status, problem = await members.refused(f"/v1/people/{new_id('person')}/permissions", body)
    assert (status, list(faults(problem))) == (422, [pointer])


@ON_ONE_DATABASE
async def test_a_sign_up_cannot_decide_twice_about_the_same_thing(members: Caller) -> None:
    said = {"person": {"given_name": "Ada"}, "permissions": [GIVEN, REFUSED]}
    status, problem = await members.refused("/v1/sign-ups", said)
    assert (status, faults(problem)) == (422, {"/permissions": "repeated"})


@ON_ONE_DATABASE
async def test_another_service_is_told_who_permits_a_use_and_not_why(members: Caller, other: Caller) -> None:
    ada, ben, adah = [await members.person() for _ in range(3)]
    theirs = await other.person()
    await members.post(f"/v1/people/{ada}/permissions", GIVEN)
    await members.post(f"/v1/people/{ada}/merge", {"merged": adah}, status=None)
    asked = {"purpose": "news", "channel": "email", "people": [ada, ben, adah, theirs]}
    assert await members.post("/internal/permissions/asked", asked, status=200) == {
        "known": sorted([ada, ben, adah]), "permitting": sorted([ada, adah]),
    }  # fmt: skip


async def test_a_no_to_what_needed_no_yes_is_told_for_others_have_their_data_by_it(members: Caller) -> None:
    ada = await members.person("Ada")
    no = {"purpose": "introductions", "channel": "sharing", "decision": "refused"}
    await members.post(f"/v1/people/{ada}/permissions", no)
    await members.post(f"/v1/people/{ada}/permissions", no)
    told = [about for name, about in await members.published(ada) if name == "permission.ended"]
    assert [(about["purpose"], about["channel"]) for about in told] == [("introductions", "sharing")]
