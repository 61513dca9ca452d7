"""What follows for people who become one: what they allow, where they stand, and back again."""

from datetime import timedelta

from shared import clock
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

TODAY = clock.now().date()
NOTICE = {"name": "privacy", "version": "2026-01"}


async def decide(members: Caller, person: str, decision: str, channel: str = "email") -> Json:
    """Let somebody decide about the news."""
    said = {"purpose": "news", "channel": channel, "decision": decision, "notice": NOTICE}
    return await members.post(f"/v1/people/{person}/permissions", said)


async def holds(members: Caller, person: str, channel: str = "email") -> str:
    """The decision about the news that holds."""
    decided = (await members.get(f"/v1/people/{person}/permissions"))["data"]
    return [str(each["decision"]) for each in decided if each["channel"] == channel][-1]


async def become_one(members: Caller, into: str, merged: str) -> None:
    """Merge two people."""
    await members.post(f"/v1/people/{into}/merge", {"merged": merged}, status=200)


async def test_the_more_restrictive_decision_holds_whoever_made_it_and_whenever(members: Caller) -> None:
    joan, jo = await members.person("Joan"), await members.person("Jo")
    await decide(members, jo, "refused", "email")
    await decide(members, joan, "given", "email")
    await decide(members, joan, "refused", "post")
    await decide(members, jo, "given", "post")
    await decide(members, jo, "given", "sms")
    preview = await members.post(f"/v1/people/{joan}/merge/preview", {"merged": jo}, status=200)
    assert {each["channel"]: each["holds"] for each in preview["permissions"]} == {
        "email": "refused",
        "post": "refused",
        "sms": "given",
    }
    await become_one(members, joan, jo)
    assert [await holds(members, joan, channel) for channel in ("email", "post", "sms")] == [
        "refused",
        "refused",
        "given",
    ]
    assert [name for name, _ in await members.published(joan)].count("permission.ended") == 2
    await members.post(f"/v1/people/{jo}/unmerge", status=200)
    assert (await holds(members, joan), await holds(members, joan, "post")) == ("given", "refused")
    assert (await holds(members, jo), await holds(members, jo, "post")) == ("refused", "given")


@ON_ONE_DATABASE
async def test_a_stop_that_was_said_while_they_were_one_holds_for_both(members: Caller) -> None:
    joan, jo = await members.person("Joan"), await members.person("Jo")
    for person in (joan, jo):
        await decide(members, person, "given")
    await become_one(members, joan, jo)
    await decide(members, jo, "refused")
    await members.post(f"/v1/people/{jo}/unmerge", status=200)
    assert (await holds(members, joan), await holds(members, jo)) == ("refused", "refused")


async def test_a_refusal_goes_along_with_the_merges_that_are_made_again_when_the_first_of_a_chain_is_undone(
    members: Caller,
) -> None:
    jan, joan, jo, joanna = [await members.person(name) for name in ("Jan", "Joan", "Jo", "Joanna")]
    await decide(members, jo, "refused")
    await decide(members, joan, "given")
    await become_one(members, joan, jan)
    await become_one(members, joan, jo)
    await become_one(members, joanna, joan)
    await members.post(f"/v1/people/{jan}/unmerge", status=200)
    assert await holds(members, joanna) == "refused"
    for person in (joan, jo):
        await members.post(f"/v1/people/{person}/unmerge", status=200)
    assert (await holds(members, joan), await holds(members, jo)) == ("given", "refused")


async def test_the_survivor_stands_where_the_doings_of_both_take_them_and_no_longer(members: Caller) -> None:
    joan, jo = await members.person("Joan"), await members.person("Jo")
    await members.did(joan, TODAY)
    await members.did(jo, TODAY - timedelta(days=1), TODAY - timedelta(days=2))
    assert (await members.ladder(joan))["rung"] == "follower"
    await become_one(members, joan, jo)
    assert (await members.ladder(joan))["rung"] == "active_participant"
    await members.post(f"/v1/people/{jo}/unmerge", status=200)
    assert [(await members.ladder(person))["rung"] for person in (joan, jo)] == ["follower", "follower"]


@ON_ONE_DATABASE
async def test_nobody_stands_on_a_rung_by_becoming_one_with_somebody_who_may_have_none(members: Caller) -> None:
    joan = await members.person("Joan")
    child = await members.person("Joan", age_band="13_to_15")
    await become_one(members, joan, child)
    assert (await members.ladder(joan))["rung"] is None
    await members.post(f"/v1/people/{child}/unmerge", status=200)
    assert [(await members.ladder(person))["rung"] for person in (joan, child)] == ["observer", None]
