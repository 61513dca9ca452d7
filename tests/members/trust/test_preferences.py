"""What a person allows on one page: the same answer that every path goes by, and no reason that is safeguarding's."""

from fastapi import FastAPI

from services.members.trust.permissions import verdicts
from shared import clock
from shared.db.session import Session
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change
from tests.members.trust.test_children import enter
from tests.members.trust.test_permissions import GIVEN, REFUSED


def held(found: Json, purpose: str, channel: str) -> tuple[bool, str | None]:
    (channels,) = (each["channels"] for each in found["purposes"] if each["purpose"] == purpose)
    ((permitted, why),) = ((each["permitted"], each["why"]) for each in channels if each["channel"] == channel)
    return permitted, why


async def test_each_purpose_says_over_each_channel_whether_it_is_permitted_and_why(members: Caller) -> None:
    person = await members.person()
    await members.post("/v1/purposes", {"key": "news", "name": "News", "basis": "consent"})
    path = f"/v1/preferences/{person}"
    decided = await members.post(path, {"decisions": [GIVEN, REFUSED | {"channel": "sms"}]}, status=200)
    assert await members.get(path) == decided
    assert held(decided, "news", "email") == (True, "given")
    assert held(decided, "news", "sms") == (False, "refused")
    assert held(decided, "news", "post") == (False, "never_given")
    assert held(decided, "gatherings", "email") == (True, "lawful_without_consent")
    await members.post(f"/v1/people/{person}/stops")
    stopped = await members.get(path)
    assert held(stopped, "news", "email") == (False, "stopped")
    assert stopped["stopped_at"] is not None


async def test_of_several_decisions_all_are_taken_or_none(members: Caller) -> None:
    person = await members.person()
    await members.post(f"/v1/people/{person}/permissions", REFUSED)
    late = GIVEN | {"channel": "post", "holds_from": "2020-01-01"}
    decisions = [GIVEN | {"channel": "phone"}, GIVEN, late]
    status, problem = await members.refused(f"/v1/preferences/{person}", {"decisions": decisions})
    assert (status, faults(problem)) == (
        422, {"/decisions/1": "withdrawn", "/decisions/2/holds_from": "for_the_past"}
    )  # fmt: skip
    assert len((await members.get(f"/v1/people/{person}/permissions"))["data"]) == 1


@ON_ONE_DATABASE
async def test_why_somebody_is_kept_out_of_everything_is_not_told(members: Caller, user: Caller) -> None:
    person = await members.person()
    await members.post(f"/v1/people/{person}/restrictions", {"ground": "accuracy_contested"})
    assert held(await members.get(f"/v1/preferences/{person}"), "administration", "email") == (False, None)


async def test_what_one_page_says_is_what_every_list_goes_by_whatever_keeps_somebody_out(
    app: FastAPI, vouching: Secrets, members: Caller
) -> None:
    scopes = frozenset({"safeguarding:read", "safeguarding:write", "permissions:read"})
    lead = Caller(app, vouching, members.movement, scopes, user=new_id("user"))
    await members.post("/v1/purposes", {"key": "news", "name": "News", "basis": "consent"})
    await members.post("/v1/purposes", {"key": "appeal", "name": "Appeals", "basis": "consent", "marketing": True})
    people = {kind: await members.person() for kind in ("anybody", "stopped", "rests", "spoke", "objects", "hidden")}
    people |= {"child": (await enter(members))["id"], "found_out": await members.person()}
    for kind, person in people.items():
        by = {"by": {"authority": "parental_responsibility", "name": "Kim's mother"}} if kind == "child" else {}
        for channel in ("email", "publication", "record"):
            await members.post(f"/v1/people/{person}/permissions", GIVEN | {"channel": channel} | by)
        await members.post(f"/v1/people/{person}/permissions", GIVEN | {"purpose": "appeal"} | by)
    await members.post(f"/v1/people/{people['stopped']}/stops")
    for kind in ("rests", "spoke"):
        await members.post(f"/v1/people/{people[kind]}/restrictions", {"ground": "accuracy_contested"})
    await members.post(f"/v1/people/{people['spoke']}/permissions", GIVEN)
    await members.post(f"/v1/people/{people['objects']}/objections", {"purpose": "news"})
    await lead.post("/v1/protected-people", {"person": people["hidden"], "reason": "A court order."})
    await change(members, f"/v1/people/{people['found_out']}", {"age_band": "under_13"})

    def of_all(session: Session, purpose: str, channel: str) -> frozenset[str]:
        return verdicts.among(session, members.movement, people.values(), purpose, channel, clock.now())

    told = {kind: await lead.get(f"/v1/preferences/{person}") for kind, person in people.items()}
    for each in told["anybody"]["purposes"]:
        for channel in (one["channel"] for one in each["channels"]):
            among = await app.state.parts.db.read(of_all, each["purpose"], channel)
            assert {people[kind] for kind in people if held(told[kind], each["purpose"], channel)[0]} == among
    assert {kind for kind in people if held(told[kind], "news", "email")[0]} == {"anybody", "spoke", "child"}


@ON_ONE_DATABASE
async def test_nobody_elses_preferences_are_known_here(members: Caller, other: Caller) -> None:
    for person in (new_id("person"), await other.person()):
        assert (await members.client.get(f"/v1/preferences/{person}")).status_code == 404
        assert (await members.refused(f"/v1/preferences/{person}", {"decisions": [GIVEN]}))[0] == 404
