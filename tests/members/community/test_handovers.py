"""Moving on: what somebody held who left is looked after, and none of it is lost until it is settled."""

import asyncio
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.members.community.handovers.models import SETTLED, HandoverItem, ItemState
from shared import clock
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import TODAY, accepted, active_circle, edit, held, leave, offered, tie
from tests.plugins.parts import scale

TOLD = {"told_us_on": TODAY.isoformat()}


async def successor(members: Caller, handover: Json, item: Json, person: str) -> str:
    """The stewardship that a successor is offered."""
    path = f"/v1/stewardships/handovers/{handover['id']}/items/{item['id']}/ask"
    asked = await members.post(path, {"person": person, "why": "A neighbour."}, status=200)
    (line,) = (one for one in asked["items"] if one["id"] == item["id"])
    assert line["state"] == "asked"
    return str(line["successor"]["stewardship"])


async def introduced(members: Caller, handover: Json, item: Json, status: int = 200) -> Json:
    """The handover after the successor of a line was introduced."""
    path = f"/v1/stewardships/handovers/{handover['id']}/items/{item['id']}/introduce"
    return await members.post(path, {"how": "together"}, status=status)


async def now(members: Caller, handover: Json) -> Json:
    return await members.get(f"/v1/stewardships/handovers/{handover['id']}")


async def test_of_twelve_relationships_none_is_lost_and_the_leaving_closes_when_each_is_settled(
    members: Caller,
) -> None:
    ada, caretaker, heir = [await members.person(name) for name in ("Ada", "Carla", "Hal")]
    friends = [await members.person(f"Friend {number}") for number in range(12)]
    for friend in friends:
        await held(members, friend, ada)
    handover = await leave(members, ada, caretaker)
    assert sorted(item["about"] for item in handover["items"]) == sorted(friends)
    assert {item["care"]["person"] for item in handover["items"]} == {caretaker}
    assert await members.every("/v1/stewardships", holder=ada, state="held") == []
    for number, item in enumerate(handover["items"]):
        assert (await now(members, handover))["state"] == "open"
        if number % 2:
            await accepted(members, await successor(members, handover, item, heir))
            await introduced(members, handover, item)
        else:
            path = f"/v1/stewardships/handovers/{handover['id']}/items/{item['id']}/end"
            await members.post(path, {"reason": "They said goodbye."}, status=200)
    closed = await now(members, handover)
    assert (closed["state"], {item["state"] for item in closed["items"]}) == ("closed", {"introduced", "ended"})
    assert len(await members.every("/v1/stewardships", holder=heir, state="held")) == 6
    assert await members.every("/v1/stewardships", holder=caretaker, state="held") == []
    told = [kind for kind, _ in await members.published(handover["id"])]
    assert (told[0], told[-1]) == ("handover.opened", "handover.closed")


async def test_a_handover_that_is_brought_twice_or_twice_at_once_is_taken_once(members: Caller) -> None:
    ada, caretaker, joan = [await members.person(name) for name in ("Ada", "Carla", "Joan")]
    await held(members, joan, ada)
    name = new_id("handover")
    both = await asyncio.gather(*(leave(members, ada, caretaker, handover=name) for _ in range(2)))
    again = await leave(members, ada, caretaker, handover=name)
    assert [one["items"] for one in both] == [again["items"]] * 2
    assert len(await members.every("/v1/stewardships", about=joan)) == 2


@ON_ONE_DATABASE
async def test_until_a_successor_accepts_the_caretaker_has_it_and_a_refusal_changes_nothing(members: Caller) -> None:
    ada, caretaker, heir, joan = [await members.person(name) for name in ("Ada", "Carla", "Hal", "Joan")]
    await held(members, joan, ada)
    handover = await leave(members, ada, caretaker)
    (item,) = handover["items"]
    assert (await members.refused(f"/v1/stewardships/handovers/{handover['id']}/items/{item['id']}/introduce", {
        "how": "call"
    }))[1]["code"] == "illegal_transition"  # fmt: skip
    declined = await successor(members, handover, item, heir)
    await members.post(f"/v1/stewardships/{declined}/decline", TOLD, status=200)
    (line,) = (await now(members, handover))["items"]
    assert (line["state"], line["care"]["person"], line["successor"]) == ("in_care", caretaker, None)
    await accepted(members, await successor(members, handover, item, heir))
    (line,) = (await now(members, handover))["items"]
    assert (line["state"], line["care"], line["successor"]["person"]) == ("accepted", None, heir)
    kept = await members.every("/v1/stewardships", about=joan, state="held")
    assert [one["holder"] for one in kept] == [heir]


@ON_ONE_DATABASE
async def test_what_stands_on_a_list_is_settled_there(members: Caller) -> None:
    ada, caretaker, joan = [await members.person(name) for name in ("Ada", "Carla", "Joan")]
    await held(members, joan, ada)
    handover = await leave(members, ada, caretaker)
    care = handover["items"][0]["care"]["stewardship"]
    status, problem = await members.refused(f"/v1/stewardships/{care}/end", {"reason": "x"})
    assert (status, problem["code"], problem["handover"]) == (409, "in_handover", handover["id"])


async def test_when_the_caretaker_leaves_too_the_lists_go_on_with_the_next_one(members: Caller) -> None:
    ada, first, second, heir = [await members.person(name) for name in ("Ada", "Carla", "Dora", "Hal")]
    friends = [await members.person(f"Friend {number}") for number in range(3)]
    for friend in friends:
        await held(members, friend, ada)
    handover = await leave(members, ada, first)
    in_care, asked, taken = handover["items"]
    await successor(members, handover, asked, heir)
    await accepted(members, await successor(members, handover, taken, first))
    own = await held(members, ada, first)
    next_one = await leave(members, first, second)
    assert [item["was"] for item in next_one["items"]] == [own]
    lines = {item["id"]: item for item in (await now(members, handover))["items"]}
    assert [lines[item["id"]]["state"] for item in (in_care, asked, taken)] == ["in_care", "asked", "in_care"]
    assert {line["care"]["person"] for line in lines.values()} == {second}
    assert (await now(members, handover))["caretaker"] == second
    await accepted(members, lines[asked["id"]]["successor"]["stewardship"])
    kept = await members.every("/v1/stewardships", about=lines[asked["id"]]["about"], state="held")
    assert [one["holder"] for one in kept] == [heir]


@ON_ONE_DATABASE
async def test_without_a_caretaker_nothing_is_lost_and_somebody_can_be_named_later(members: Caller) -> None:
    ada, carla, joan = [await members.person(name) for name in ("Ada", "Carla", "Joan")]
    await held(members, joan, ada)
    for nobody in (None, new_id("person"), ada):
        handover = await leave(members, ada, nobody)
        if nobody is None:
            (item,) = handover["items"]
            assert (handover["caretaker"], item["care"], item["state"]) == (None, None, "in_care")
            changed = await edit(
                members, f"/v1/stewardships/handovers/{handover['id']}", {"caretaker": carla}, method="PATCH"
            )
            assert changed["items"][0]["care"]["person"] == carla
            refused = await edit(
                members, f"/v1/stewardships/handovers/{handover['id']}", {"caretaker": ada}, method="PATCH", status=422
            )
            assert faults(refused) == {"/caretaker": "is_leaving"}
        else:
            assert (handover["caretaker"], handover["state"], handover["items"]) == (None, "closed", [])


@ON_ONE_DATABASE
async def test_the_caretakers_named_beforehand_look_after_what_is_left(members: Caller) -> None:
    ada, carla, dora, joan = [await members.person(name) for name in ("Ada", "Carla", "Dora", "Joan")]
    circle = await active_circle(members)
    for person, where in ((carla, None), (dora, circle)):
        said = {"person": person, "circle": where, "agreed_on": TODAY.isoformat()}
        await members.post("/v1/stewardships/caretakers", said)
    await held(members, joan, ada)
    await held(members, circle, ada)
    handover = await leave(members, ada)
    assert {item["about"]: item["care"]["person"] for item in handover["items"]} == {joan: carla, circle: dora}
    gone = await leave(members, carla)
    assert (gone["caretaker"], gone["items"]) == (None, [])
    assert [one["person"] for one in await members.every("/v1/stewardships/caretakers")] == [dora]
    lines = {item["about"]: item for item in (await now(members, handover))["items"]}
    assert (lines[joan]["care"], lines[joan]["state"]) == (None, "in_care")


@ON_ONE_DATABASE
async def test_who_held_nothing_leaves_a_closed_list_and_an_unknown_leaver_an_open_one(members: Caller) -> None:
    ada, joan, carla = [await members.person(name) for name in ("Ada", "Joan", "Carla")]
    assert (await leave(members, joan))["state"] == "closed"
    await held(members, joan, ada)
    unknown = await leave(members, None, carla)
    assert (unknown["state"], unknown["person_needed"]) == ("open", True)
    known = await edit(
        members, f"/v1/stewardships/handovers/{unknown['id']}", {"person": ada}, method="PATCH", tag='"1"'
    )
    assert [item["care"]["person"] for item in known["items"]] == [carla]
    nobody = await leave(members, new_id("person"))
    closed = await edit(members, f"/v1/stewardships/handovers/{nobody['id']}", {"person": None}, method="PATCH")
    assert closed["state"] == "closed"
    late = await edit(
        members, f"/v1/stewardships/handovers/{nobody['id']}", {"person": ada}, method="PATCH", status=409
    )
    assert late["code"] == "handover_closed"


@ON_ONE_DATABASE
async def test_what_the_leaver_was_asked_is_not_asked_any_more(members: Caller) -> None:
    ada, carla, joan, eve = [await members.person(name) for name in ("Ada", "Carla", "Joan", "Eve")]
    pending = await offered(members, joan, ada)
    await held(members, eve, joan)
    list_of_joan = await leave(members, joan, carla)
    asked = await successor(members, list_of_joan, list_of_joan["items"][0], ada)
    await leave(members, ada, carla)
    for one in (pending, asked):
        assert (await members.get(f"/v1/stewardships/{one}"))["state"] == "withdrawn"
    assert (await now(members, list_of_joan))["items"][0]["state"] == "in_care"


@ON_ONE_DATABASE
async def test_what_is_not_settled_by_its_day_is_overdue(members: Caller) -> None:
    ada, carla, joan = [await members.person(name) for name in ("Ada", "Carla", "Joan")]
    await held(members, joan, ada)
    handover = await leave(members, ada, carla)
    assert (handover["due_on"], handover["overdue"]) == ((TODAY + timedelta(days=28)).isoformat(), False)
    assert await members.every("/v1/stewardships/handovers", overdue="true") == []
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    path = f"/v1/stewardships/handovers/{handover['id']}"
    late = await edit(members, path, {"due_on": yesterday}, method="PATCH", tag='"1"')
    assert (late["overdue"], late["items"][0]["overdue"]) == (True, True)
    assert [one["id"] for one in await members.every("/v1/stewardships/handovers", overdue="true")] == [handover["id"]]
    await edit(members, path, {"due_on": yesterday}, method="PATCH", tag='"1"', status=412)


@ON_ONE_DATABASE
async def test_nobody_is_asked_who_cannot_take_it_on(members: Caller) -> None:
    ada, carla, joan = [await members.person(name) for name in ("Ada", "Carla", "Joan")]
    await held(members, joan, ada)
    handover = await leave(members, ada, carla)
    path = f"/v1/stewardships/handovers/{handover['id']}/items/{handover['items'][0]['id']}/ask"
    for person, code in ((ada, "is_leaving"), (joan, "own_holder"), (new_id("person"), "unknown_person")):
        status, problem = await members.refused(path, {"person": person, "why": "x"})
        assert (status, faults(problem)) == (422, {"/person": code})


@ON_ONE_DATABASE
async def test_whoever_was_two_people_leaves_all_that_either_held_by_either_id(members: Caller) -> None:
    ada, other_ada, carla, joan, eve = [await members.person(name) for name in ("Ada", "Ada", "Carla", "Joan", "Eve")]
    kept = [await held(members, joan, ada), await held(members, eve, other_ada)]
    await tie(members, other_ada, joan)
    await members.post(f"/v1/people/{ada}/merge", {"merged": other_ada}, status=None)
    for one in (ada, other_ada):
        assert [each["id"] for each in await members.every("/v1/stewardships", holder=one)] == kept
        assert len(await members.every("/v1/ties", of=one)) == 1
    handover = await leave(members, other_ada, carla)
    assert (handover["person"], {item["about"] for item in handover["items"]}) == (ada, {joan, eve})


@ON_ONE_DATABASE
async def test_another_movements_list_is_unknown(members: Caller, other: Caller) -> None:
    ada, carla, joan = [await other.person(name) for name in ("Ada", "Carla", "Joan")]
    await held(other, joan, ada)
    handover = await leave(other, ada, carla)
    path = f"/v1/stewardships/handovers/{handover['id']}"
    assert (await members.client.get(path)).status_code == 404
    assert await members.every("/v1/stewardships/handovers") == []
    await edit(members, path, {"due_on": TODAY.isoformat()}, method="PATCH", status=404)
    for step, body in (("ask", {"person": ada, "why": "x"}), ("introduce", {"how": "call"}), ("end", {"reason": "x"})):
        assert (await members.refused(f"{path}/items/{handover['items'][0]['id']}/{step}", body))[0] == 404
    stolen = await leave(members, ada, carla)
    assert (stolen["person"], stolen["person_needed"], stolen["items"]) == (None, True, [])


STEPS = {
    "ask": lambda item: item.ask("stewardship_2", clock.now()),
    "accept": lambda item: item.accept(clock.now()),
    "give back": lambda item: item.give_back("stewardship_1", clock.now()),
    "introduce": lambda item: item.introduce(TODAY, "call", clock.now()),
    "end": lambda item: item.end("x", clock.now()),
}


@settings(max_examples=scale(50))
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_whatever_is_tried_a_line_is_settled_once_and_only_after_acceptance_or_with_a_reason(steps: list[str]) -> None:
    item = HandoverItem(state=ItemState.IN_CARE, care="stewardship_1", version=0)
    was_accepted = False
    for step in steps:
        settled = item.state in SETTLED
        try:
            STEPS[step](item)
        except IllegalTransition:
            continue
        assert not settled
        was_accepted = was_accepted or item.state == ItemState.ACCEPTED
        assert item.state != ItemState.INTRODUCED or was_accepted
        assert item.state != ItemState.ENDED or item.ended_reason
        assert item.state != ItemState.IN_CARE or item.care


@ON_ONE_DATABASE
async def test_another_movements_lists_are_empty(members: Caller, other: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    await held(members, joan, ada)
    await members.post("/v1/stewardships/caretakers", {"person": joan, "agreed_on": TODAY.isoformat()})
    await leave(members, ada, joan)
    for path in ("/v1/stewardships/handovers", "/v1/stewardships", "/v1/stewardships/caretakers"):
        assert len(await members.every(path)) > 0
        assert await other.every(path) == []
