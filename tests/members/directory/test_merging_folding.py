"""Two rows that say the same of one person, or of one organisation, once two records are one: one of them stands."""

from datetime import timedelta

from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import TODAY, held, tie

EARLIER, LONG_AGO = [(TODAY - timedelta(days=days)).isoformat() for days in (100, 400)]


async def merge(members: Caller, into: str, merged: str) -> Json:
    noun = "people" if into.startswith("person") else "organisations"
    return await members.post(f"/v1/{noun}/{into}/merge", {"merged": merged}, status=200)


async def unmerge(members: Caller, merged: str) -> None:
    noun = "people" if merged.startswith("person") else "organisations"
    await members.post(f"/v1/{noun}/{merged}/unmerge", status=200)


async def ties(members: Caller) -> dict[str, Json]:
    return {each["id"]: each for each in await members.every("/v1/ties")}


async def test_two_ties_of_two_who_become_one_are_one_whichever_side_said_it_and_two_again_afterwards(
    members: Caller,
) -> None:
    joan, jo, club = await members.person("Joan"), await members.person("Jo"), await members.organisation()
    ours = await tie(members, joan, club, since=EARLIER)
    await tie(members, club, jo, since=LONG_AGO)
    other = await tie(members, club, jo, kind="shares_a_room")
    before = await ties(members)
    await merge(members, joan, jo)
    folded = await ties(members)
    assert set(folded) == {ours, other}
    assert folded[ours] == before[ours] | {"since": LONG_AGO}
    await unmerge(members, jo)
    assert await ties(members) == before


@ON_ONE_DATABASE
async def test_what_both_sides_say_stands_before_what_one_side_says(members: Caller) -> None:
    joan, jo, club = await members.person("Joan"), await members.person("Jo"), await members.organisation()
    await tie(members, joan, club, confirmed=False)
    theirs = await tie(members, jo, club)
    await merge(members, joan, jo)
    assert {name: each["first"] for name, each in (await ties(members)).items()} == {theirs: joan}
    await unmerge(members, jo)
    assert {name: each["first"] for name, each in (await ties(members)).items()} == {theirs: jo}


@ON_ONE_DATABASE
async def test_what_was_edited_while_two_were_one_is_kept_by_the_one_that_stood(members: Caller) -> None:
    joan, jo, club = await members.person("Joan"), await members.person("Jo"), await members.organisation()
    ours, theirs = await tie(members, joan, club), await tie(members, jo, club)
    await merge(members, joan, jo)
    ended = await members.post(f"/v1/ties/{ours}/end", {"told_us_on": TODAY.isoformat()}, status=200)
    await unmerge(members, jo)
    assert (ended["state"], (await members.get(f"/v1/ties/{ours}"))["state"]) == ("ended", "ended")
    assert (await members.get(f"/v1/ties/{theirs}"))["state"] == "confirmed"


@ON_ONE_DATABASE
async def test_a_place_held_twice_and_a_relationship_kept_twice_are_each_one(members: Caller) -> None:
    joan, jo, kept = [await members.person(name) for name in ("Joan", "Jo", "Kit")]
    club, same = await members.organisation("Club"), await members.organisation("Clubb")
    for person, organisation, since in ((joan, club, EARLIER), (jo, same, LONG_AGO)):
        place = {"person": person, "organisation": organisation, "role": "chair", "started_on": since}
        await members.post("/v1/affiliations", place)
    await held(members, club, joan)
    second = await held(members, same, jo)
    await merge(members, joan, jo)
    assert len((await members.get("/v1/affiliations", person=joan))["data"]) == 2
    await merge(members, club, same)
    (place,) = (await members.get("/v1/affiliations", person=joan))["data"]
    assert (place["organisation"], place["started_on"]) == (club, LONG_AGO)
    assert len(await members.every("/v1/stewardships", holder=joan, state="held")) == 1
    await unmerge(members, jo)
    await unmerge(members, same)
    assert [each["started_on"] for each in (await members.get("/v1/affiliations"))["data"]] == [EARLIER, LONG_AGO]
    assert [each["id"] for each in await members.every("/v1/stewardships", holder=jo)] == [second]
    assert await members.every("/v1/stewardships", holder=kept) == []
