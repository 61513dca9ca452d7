"""Capacity: theirs to say, to share and to take back; in numbers without a name, and never in small ones."""

import asyncio
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.members.community.capacity.domain import disclosed
from services.members.community.capacity.models import Level
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import TODAY, signed_in_as
from tests.plugins.parts import scale

STRETCHED = {"level": "stretched", "note": "My mother is unwell."}


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


async def say(members: Caller, vouching: Secrets, person: str, **said: object) -> Json:
    """What somebody sees who said it themself."""
    async with signed_in_as(person, members, vouching) as self:
        return await self.post(f"/v1/people/{person}/capacity", said)


@ON_ONE_DATABASE
async def test_who_says_it_sees_it_all_who_it_is_shared_with_the_level_and_all_others_nothing(
    members: Caller, vouching: Secrets
) -> None:
    ada, supporter, stranger = [await members.person(name) for name in ("Ada", "Sue", "Stan")]
    said = await say(members, vouching, ada, **STRETCHED, until=day(7), shared_with=[supporter])
    assert (said["level"], said["note"], said["shared_with"]) == ("stretched", STRETCHED["note"], [supporter])
    path = f"/v1/people/{ada}/capacity"
    async with signed_in_as(supporter, members, vouching) as caller:
        seen = await caller.get(path)
        assert (seen["level"], seen["until"], seen["note"], seen["shared_with"]) == ("stretched", day(7), None, None)
    silent = await members.person("Joan")
    for token in (members, None):
        if token is not None:
            hidden, nothing = await token.get(path), await token.get(f"/v1/people/{silent}/capacity")
        else:
            async with signed_in_as(stranger, members, vouching) as caller:
                hidden, nothing = await caller.get(path), await caller.get(f"/v1/people/{silent}/capacity")
        assert hidden | {"person": ""} == nothing | {"person": ""}
        assert hidden["level"] is None


@ON_ONE_DATABASE
async def test_nobody_says_it_of_another_but_whom_they_told_and_share_it_with(
    members: Caller, vouching: Secrets
) -> None:
    ada, supporter = await members.person("Ada"), await members.person("Sue")
    path, told = f"/v1/people/{ada}/capacity", {"told_us_on": TODAY.isoformat()}
    async with signed_in_as(supporter, members, vouching) as caller:
        for said in (STRETCHED, STRETCHED | told, STRETCHED | {"shared_with": [supporter]}):
            status, problem = await caller.refused(path, said)
            assert (status, problem["code"]) == (403, "only_theirs_to_say")
        seen = await caller.post(path, STRETCHED | told | {"shared_with": [supporter]})
        assert (seen["level"], seen["note"]) == ("stretched", None)
        assert (await caller.refused(path, method="DELETE"))[1]["code"] == "only_theirs_to_say"
    assert (await members.refused(path, STRETCHED))[0] == 403


@ON_ONE_DATABASE
async def test_what_was_said_before_is_forgotten_and_all_of_it_when_it_is_taken_back(
    members: Caller, vouching: Secrets
) -> None:
    ada, supporter = await members.person("Ada"), await members.person("Sue")
    path = f"/v1/people/{ada}/capacity"
    await say(members, vouching, ada, **STRETCHED, shared_with=[supporter])
    await say(members, vouching, ada, level="plenty")
    async with signed_in_as(supporter, members, vouching) as caller:
        assert (await caller.get(path))["level"] is None
    async with signed_in_as(ada, members, vouching) as self:
        assert (await self.get(path))["level"] == "plenty"
        assert (await self.client.delete(path)).status_code == 204
        assert (await self.get(path))["level"] is None


@ON_ONE_DATABASE
async def test_who_asks_is_told_that_somebody_is_stretched_only_where_that_is_shared(
    members: Caller, vouching: Secrets
) -> None:
    ada, supporter, joan = [await members.person(name) for name in ("Ada", "Sue", "Joan")]
    await say(members, vouching, ada, **STRETCHED, shared_with=[supporter])
    offer = {"about": joan, "holder": ada, "why": "They know each other."}
    assert (await members.post("/v1/stewardships", offer))["stretched"] is False
    async with signed_in_as(supporter, members, vouching) as caller:
        assert (await caller.post("/v1/stewardships", offer))["stretched"] is True


async def test_numbers_have_no_name_and_small_ones_do_not_show(members: Caller, vouching: Secrets) -> None:
    people = [await members.person(f"P{number}") for number in range(11)]
    await asyncio.gather(*(say(members, vouching, one, level="some") for one in people[:8]))
    await asyncio.gather(*(say(members, vouching, one, level="stretched") for one in people[8:]))
    counted = await members.get("/v1/capacity")
    assert {one["level"]: one["people"] for one in counted["levels"]} == {
        "plenty": None, "some": 10, "stretched": None, "none": None,
    }  # fmt: skip
    assert (counted["total"], counted["hidden_up_to"], counted["rounded_to"]) == (10, 7, 5)


def test_the_profiles_own_example() -> None:
    found = dict(zip(Level, (3, 8, 16, 23), strict=True))
    shown = disclosed(found, 7, 5)
    assert ([one.people for one in shown.levels], shown.total) == ([None, 10, 15, 25], 50)


@settings(max_examples=scale(50))
@given(st.lists(st.integers(0, 60), min_size=4, max_size=4), st.integers(0, 20), st.integers(1, 10))
def test_what_is_shown_never_tells_a_small_count(counts: list[int], hide_up_to: int, round_to: int) -> None:
    shown = disclosed(dict(zip(Level, counts, strict=True)), hide_up_to, round_to)
    for count, one in zip(counts, shown.levels, strict=True):
        assert (one.people is None) == (count <= hide_up_to)
        assert one.people is None or (one.people % round_to == 0 and abs(one.people - count) <= round_to / 2)
    assert shown.total == sum(one.people or 0 for one in shown.levels)
    others = [other for other in range(hide_up_to + 1) if counts[0] <= hide_up_to]
    for other in others:  # any other small count in its place looks the same
        assert disclosed(dict(zip(Level, (other, *counts[1:]), strict=True)), hide_up_to, round_to) == shown


BAD: list[tuple[Json, dict[str, str]]] = [
    ({"level": "exhausted"}, {"/level": "enum"}),
    ({"until": day(-2)}, {"/until": "in_the_past"}),
    ({"told_us_on": day(2)}, {"/told_us_on": "in_the_future"}),
    ({"shared_with": [new_id("person")]}, {"/shared_with/0": "unknown_person"}),
    ({"note": "x" * 1001}, {"/note": "string_too_long"}),
]
"""What is refused, and by which pointers."""


@ON_ONE_DATABASE
async def test_what_cannot_be_said_is_refused_by_pointer(members: Caller, vouching: Secrets) -> None:
    for change, wrong in BAD:
        ada = await members.person("Ada")
        async with signed_in_as(ada, members, vouching) as self:
            status, problem = await self.refused(f"/v1/people/{ada}/capacity", {"level": "some"} | change)
            assert (status, faults(problem)) == (422, wrong)
            assert (await self.get(f"/v1/people/{ada}/capacity"))["level"] is None


@ON_ONE_DATABASE
async def test_another_movements_people_say_nothing_here(members: Caller, other: Caller, vouching: Secrets) -> None:
    ada = await members.person("Ada")
    await say(members, vouching, ada, level="some")
    path = f"/v1/people/{ada}/capacity"
    assert (await other.client.get(path)).status_code == 404
    async with signed_in_as(ada, other, vouching) as there:
        assert (await there.refused(path, {"level": "none"}))[0] == 404
        assert (await there.refused(path, method="DELETE"))[0] == 404
    assert {one["people"] for one in (await other.get("/v1/capacity"))["levels"]} == {None}
