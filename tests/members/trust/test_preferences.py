"""What a person allows on one page: the same answer that every path goes by, and no reason that is safeguarding's."""

from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
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


@ON_ONE_DATABASE
async def test_nobody_elses_preferences_are_known_here(members: Caller, other: Caller) -> None:
    for person in (new_id("person"), await other.person()):
        assert (await members.client.get(f"/v1/preferences/{person}")).status_code == 404
        assert (await members.refused(f"/v1/preferences/{person}", {"decisions": [GIVEN]}))[0] == 404
