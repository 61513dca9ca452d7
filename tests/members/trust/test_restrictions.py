"""Data that rests and purposes that are objected to: what stops, from when to when, and who was told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services.members.directory.people.models import Person
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions import verdicts
from services.members.trust.permissions.models import Reason
from services.members.trust.permissions.verdicts import Verdict
from shared import clock
from shared.db import Database, Session
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

MAY = datetime(2026, 5, 12, 9, tzinfo=UTC)
CONTESTED = {"ground": "accuracy_contested", "why": "She says that she never led the group."}
NEWS = {"purpose": "news", "channel": "email", "decision": "given", "notice": {"name": "privacy", "version": "1"}}


async def reader_of_news(members: Caller) -> str:
    """Somebody who said yes to news by e-mail."""
    person = await members.person()
    await members.post(f"/v1/people/{person}/permissions", NEWS)
    return person


async def verdict(
    members: Caller, person: str, purpose: str = "news", channel: str = "email", at: datetime | None = None
) -> Verdict:
    """Whether the person's data may be used, held against what the same question about many answers."""

    def asked(session: Session) -> Verdict:
        moment = at or clock.now()
        one = permissions.verdict(session, members.movement, person, purpose, channel, moment)
        may = verdicts.permitting(session, members.movement, Person.id, purpose, channel, moment)
        of_many = session.scalars(select(Person.id).where(Person.movement == members.movement, may)).all()
        assert (person in of_many) is one.permitted
        return one

    db: Database = members.app.state.parts.db
    return await db.read(asked)


async def lift(members: Caller, restriction: Json) -> Json:
    """Use the data again, after the person was told."""
    path = f"/v1/people/{restriction['person']}/restrictions/{restriction['id']}/lift"
    return await members.post(path, {"why": "It was her sister.", "told_on": "2026-05-12"}, status=200)


async def test_data_that_rests_is_used_for_nothing_until_the_person_was_told(members: Caller) -> None:
    with clock.frozen(MAY) as stopped:
        person = await reader_of_news(members)
        assert (await verdict(members, person)).permitted
        stopped.advance(timedelta(seconds=1))
        restriction = await members.post(f"/v1/people/{person}/restrictions", CONTESTED)
        assert await verdict(members, person) == Verdict(False, (Reason.RESTRICTED,))
        assert not (await verdict(members, person, "administration", "record")).permitted
        assert (await verdict(members, person, "safety", "phone")).permitted
        stopped.advance(timedelta(seconds=1))
        lifted = await lift(members, restriction)
        assert (lifted["why_lifted"], lifted["version"]) == ("It was her sister.", 2)
        assert (await verdict(members, person)).permitted
        assert not (await verdict(members, person, at=MAY + timedelta(seconds=1))).permitted
        path = f"/v1/people/{person}/restrictions/{restriction['id']}/lift"
        again = await members.refused(path, {"why": "Once more.", "told_on": "2026-05-12"})
        assert (again[0], again[1]["code"]) == (409, "illegal_transition")
    assert [told for told, _ in await members.published(person)][-2:] == [
        "processing.restricted", "processing.restriction_lifted",
    ]  # fmt: skip


async def test_what_somebody_says_yes_to_while_their_data_rests_goes_on(members: Caller) -> None:
    with clock.frozen(MAY) as stopped:
        person = await reader_of_news(members)
        await members.post(f"/v1/people/{person}/restrictions", CONTESTED)
        assert not (await verdict(members, person)).permitted
        stopped.advance(timedelta(seconds=1))
        await members.post(f"/v1/people/{person}/permissions", NEWS)
        assert (await verdict(members, person)).permitted
        assert not (await verdict(members, person, "administration", "record")).permitted


async def test_one_of_two_restrictions_that_is_lifted_leaves_the_other(members: Caller) -> None:
    with clock.frozen(MAY):
        person = await reader_of_news(members)
        first = await members.post(f"/v1/people/{person}/restrictions", CONTESTED)
        await members.post(f"/v1/people/{person}/restrictions", {"ground": "needed_for_claims"})
        await lift(members, first)
        assert not (await verdict(members, person)).permitted
        assert len(await members.every(f"/v1/people/{person}/restrictions")) == 2


async def test_a_restriction_follows_whoever_turns_out_to_be_somebody_else(members: Caller) -> None:
    person, twin = await reader_of_news(members), await members.person()
    await members.post(f"/v1/people/{twin}/restrictions", CONTESTED)
    await members.post(f"/v1/people/{person}/merge", {"merged": twin}, status=200)
    assert not (await verdict(members, person)).permitted
    await members.post(f"/v1/people/{twin}/unmerge", status=200)
    assert (await verdict(members, person)).permitted


async def test_an_objection_is_heeded_while_it_is_considered_and_when_it_is_upheld(members: Caller) -> None:
    person = await reader_of_news(members)
    path = f"/v1/people/{person}/objections"
    objection = await members.post(path, {"purpose": "news"})
    assert await verdict(members, person) == Verdict(False, (Reason.OBJECTED,))
    assert (await verdict(members, person, "administration", "record")).permitted
    status, problem = await members.refused(path, {"purpose": "news"})
    assert (status, problem["code"], problem["objection"]) == (409, "already_objected", objection["id"])
    upheld = await members.post(f"{path}/{objection['id']}/uphold", {}, status=200)
    assert (upheld["state"], upheld["ended_at"]) == ("upheld", None)
    assert not (await verdict(members, person)).permitted
    await members.post(f"{path}/{objection['id']}/withdraw", status=200)
    assert (await verdict(members, person)).permitted
    assert [row["state"] for row in await members.every(path)] == ["withdrawn"]


async def test_an_objection_is_overridden_with_the_reason_and_never_for_marketing(members: Caller) -> None:
    marketing = {"key": "appeals", "name": "Appeals", "basis": "consent", "marketing": True}
    await members.post("/v1/purposes", marketing)
    person = await reader_of_news(members)
    path = f"/v1/people/{person}/objections"
    for purpose, expected in (("administration", 200), ("appeals", 409)):
        objection = await members.post(path, {"purpose": purpose})
        why = {"why": "The record proves who was paid."}
        answered = await members.client.post(f"{path}/{objection['id']}/override", json=why)
        assert answered.status_code == expected, answered.text
    assert (await verdict(members, person, "administration", "record")).permitted
    assert not (await verdict(members, person, "appeals")).permitted


async def test_nobody_objects_to_what_the_law_demands(members: Caller) -> None:
    person = await members.person()
    status, problem = await members.refused(f"/v1/people/{person}/objections", {"purpose": "safety"})
    assert (status, faults(problem)) == (422, {"/purpose": "right_does_not_apply"})
    request = {"kind": "object", "how": "email", "person": person, "purposes": ["news", "safety"]}
    status, problem = await members.refused("/v1/requests", request)
    assert (status, faults(problem)) == (422, {"/purposes/1": "right_does_not_apply"})


@pytest.mark.parametrize(
    ("end", "body", "state", "permitted"),
    [
        ("complete", {"done": "We stopped."}, "upheld", False),
        ("refuse", {"ground": "right_does_not_apply", "why": "We must."}, "overridden", True),
        ("withdraw", {}, "withdrawn", True),
    ],
)
async def test_what_a_request_objects_to_is_heeded_at_once_and_decided_as_the_request_is(
    members: Caller, end: str, body: Json, state: str, permitted: bool
) -> None:
    person = await reader_of_news(members)
    request = {"kind": "object", "how": "phone", "person": person, "purposes": ["news"]}
    made = await members.post("/v1/requests", request)
    assert not (await verdict(members, person)).permitted
    await members.post(f"/v1/requests/{made['id']}/verify", {"identified": "known_to_us"}, status=200)
    await members.post(f"/v1/requests/{made['id']}/{end}", body, status=200)
    (objection,) = await members.every(f"/v1/people/{person}/objections")
    assert (objection["state"], objection["request"]) == (state, made["id"])
    assert (await verdict(members, person)).permitted is permitted


async def test_whoever_objects_to_the_ladder_has_no_place_on_it(members: Caller) -> None:
    person = await members.person()
    objection = await members.post(f"/v1/people/{person}/objections", {"purpose": "ladder"})
    assert (await members.ladder(person))["rung"] is None
    await members.post(f"/v1/people/{person}/objections/{objection['id']}/withdraw", status=200)
    assert (await members.ladder(person))["rung"] == "observer"


@ON_ONE_DATABASE
async def test_faults_name_their_place(members: Caller, other: Caller) -> None:
    person, theirs = await members.person(), await other.person()
    stranger = await members.post("/v1/requests", {"kind": "object", "how": "email", "person": await members.person()})
    for noun, body in (("restrictions", CONTESTED), ("objections", {"purpose": "news"})):
        path = f"/v1/people/{person}/{noun}"
        status, problem = await members.refused(path, {**body, "request": stranger["id"]})
        assert (status, faults(problem)) == (422, {"/request": "unknown_request"})
        assert (await members.refused(f"/v1/people/{theirs}/{noun}", body))[0] == 404
        assert (await members.client.get(f"/v1/people/{theirs}/{noun}")).status_code == 404
    restriction = await members.post(f"/v1/people/{person}/restrictions", CONTESTED)
    path = f"/v1/people/{person}/restrictions"
    body = {"why": "Settled.", "told_on": (clock.now() + timedelta(days=2)).date().isoformat()}
    assert faults((await members.refused(f"{path}/{restriction['id']}/lift", body))[1]) == {"/told_on": "in_the_future"}
    assert (await members.refused(f"{path}/{new_id('restriction')}/lift", body))[0] == 404
    objection = await members.post(f"/v1/people/{person}/objections", {"purpose": "news"})
    away = f"/v1/people/{await members.person()}/objections/{objection['id']}"
    for step in ("uphold", "withdraw"):
        assert (await members.refused(f"{away}/{step}", {}))[0] == 404
