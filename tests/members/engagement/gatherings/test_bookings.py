"""Bookings: a place or one in the line, moved up in order, never overbooked, and the same again is the same."""

import asyncio
from datetime import timedelta

from shared import clock
from shared.ids import new_id
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import WALK, book, edit, published, states


async def test_who_books_has_a_place_is_told_where_it_is_online_and_announced(members: Caller) -> None:
    gathering, slot = await published(members, capacity=3)
    booking = await book(members, gathering, slot, companions=[{"kind": "child", "people": 2}])
    assert (booking["state"], booking["places"], booking["ahead"]) == ("booked", 3, None)
    assert booking["online_url"] == WALK["online_url"]
    assert booking["companions"] == [{"kind": "child", "people": 2, "person": None}]
    assert await members.get(f"/v1/bookings/{booking['id']}") == booking
    ((kind, payload),) = await members.published(booking["id"])
    assert (kind, payload["state"], payload["places"]) == ("booking.changed", "booked", 3)


async def test_who_books_a_full_slot_waits_and_moves_up_in_order_when_a_place_comes_free(members: Caller) -> None:
    gathering, slot = await published(members, capacity=2)
    made = [await book(members, gathering, slot) for _ in range(5)]
    assert await states(members, slot, gathering) == ["booked", "booked", "waiting", "waiting", "waiting"]
    assert [one["ahead"] for one in made] == [None, None, 0, 1, 2]
    assert made[2]["online_url"] is None
    await edit(members, f"/v1/bookings/{made[0]['id']}/cancel")
    assert await states(members, slot, gathering) == ["cancelled", "booked", "booked", "waiting", "waiting"]
    assert (await members.get(f"/v1/bookings/{made[3]['id']}"))["ahead"] == 0
    told = [payload["state"] for _, payload in await members.published(made[2]["id"])]
    assert told == ["waiting", "booked"]


async def test_who_waits_moves_up_when_the_slot_grows(members: Caller) -> None:
    gathering, slot = await published(members, capacity=1)
    for _ in range(4):
        await book(members, gathering, slot)
    path = f"/v1/gatherings/{gathering}/slots/{slot}"
    assert (await edit(members, path, {"capacity": 3}, method="PATCH"))["booked"] == 3
    assert await states(members, slot, gathering) == ["booked", "booked", "booked", "waiting"]
    assert (await edit(members, path, {"capacity": None}, method="PATCH"))["booked"] == 4


async def test_nobody_overtakes_a_party_that_waits_for_more_places(members: Caller) -> None:
    gathering, slot = await published(members, capacity=3)
    first = await book(members, gathering, slot)
    family = await book(members, gathering, slot, companions=[{"kind": "child", "people": 2}])
    alone = await book(members, gathering, slot)
    assert [one["state"] for one in (family, alone)] == ["waiting", "waiting"]
    await edit(members, f"/v1/bookings/{first['id']}/cancel")
    assert await states(members, slot, gathering) == ["cancelled", "booked", "waiting"]
    await edit(members, f"/v1/bookings/{family['id']}", {"companions": [{"kind": "carer"}]}, method="PATCH")
    assert await states(members, slot, gathering) == ["cancelled", "booked", "booked"]


@ON_ONE_DATABASE
async def test_whoever_leaves_the_line_lets_those_behind_move_up(members: Caller) -> None:
    gathering, slot = await published(members, capacity=2)
    await book(members, gathering, slot)
    family = await book(members, gathering, slot, companions=[{"kind": "guest"}])
    await book(members, gathering, slot)
    await edit(members, f"/v1/bookings/{family['id']}/cancel")
    assert await states(members, slot, gathering) == ["booked", "cancelled", "booked"]


async def test_booking_twice_is_booking_once(members: Caller) -> None:
    gathering, slot = await published(members, capacity=5)
    person = await members.person()
    guest = [{"kind": "guest", "people": 1}]
    booking = await book(members, gathering, slot, person, companions=guest)
    assert await book(members, gathering, slot, person, status=200, companions=guest) == booking
    body = {"slot": slot, "person": person}
    status, problem = await members.refused(f"/v1/gatherings/{gathering}/bookings", body)
    assert (status, problem["code"], problem["booking"]) == (409, "already_booked", booking["id"])
    assert (await members.get(f"/v1/gatherings/{gathering}/slots/{slot}"))["booked"] == 2
    await edit(members, f"/v1/bookings/{booking['id']}/cancel")
    assert (await book(members, gathering, slot, person))["id"] != booking["id"]


async def test_sixteen_at_once_never_overbook_and_one_of_them_at_once_books_once(members: Caller) -> None:
    gathering, slot = await published(members, capacity=5)
    people = [await members.person() for _ in range(16)]
    await asyncio.gather(*(book(members, gathering, slot, person) for person in people))
    assert sorted(await states(members, slot, gathering)) == ["booked"] * 5 + ["waiting"] * 11
    assert (await members.get(f"/v1/gatherings/{gathering}/slots/{slot}"))["booked"] == 5

    bookings = [row["id"] for row in await members.every("/v1/bookings", state="booked")]
    path, newcomer = f"/v1/gatherings/{gathering}/bookings", await members.person()
    again = [members.client.post(path, json={"slot": slot, "person": newcomer}) for _ in range(8)]
    cancelling = [
        members.client.post(f"/v1/bookings/{booking}/cancel", headers={"if-match": "*"}) for booking in bookings
    ]
    assert all(answered.is_success for answered in await asyncio.gather(*again, *cancelling))
    found = await members.every(path, slot=slot)
    assert len([row for row in found if row["state"] == "booked"]) == 5
    assert len([row for row in found if row["person"] == newcomer]) == 1


@ON_ONE_DATABASE
async def test_what_cannot_be_booked_says_why_and_changes_nothing(members: Caller) -> None:
    person = await members.person()

    async def refused(gathering: str, slot: str) -> str:
        body = {"slot": slot, "person": person}
        status, problem = await members.refused(f"/v1/gatherings/{gathering}/bookings", body)
        assert status == 409
        return str(problem["code"])

    draft = (await members.post("/v1/gatherings", WALK))["id"]
    assert await refused(draft, new_id("slot")) == "gathering_not_open"
    gathering, slot = await published(members)
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert await refused(gathering, slot) == "slot_begun"
    await edit(members, f"/v1/gatherings/{gathering}/slots/{slot}/cancel")
    assert await refused(gathering, slot) == "slot_cancelled"
    await edit(members, f"/v1/gatherings/{gathering}/cancel", {"because": "Storm."})
    assert await refused(gathering, slot) == "gathering_cancelled"
    assert (await members.get("/v1/bookings"))["data"] == []


@ON_ONE_DATABASE
async def test_nobody_moves_up_into_a_slot_that_is_cancelled_or_has_begun(members: Caller) -> None:
    gathering, slot = await published(members, capacity=1)
    first, _ = [await book(members, gathering, slot) for _ in range(2)]
    with clock.frozen(clock.now() + timedelta(days=2)):
        await edit(members, f"/v1/bookings/{first['id']}/cancel")
    assert await states(members, slot, gathering) == ["cancelled", "waiting"]


@ON_ONE_DATABASE
async def test_a_child_who_comes_along_is_counted_and_never_named(members: Caller) -> None:
    gathering, slot = await published(members)
    child = await members.person("Sam", age_band="13_to_15")
    person, carer = await members.person(), await members.person()
    path = f"/v1/gatherings/{gathering}/bookings"
    for kind, at in (("child", "/companions/0"), ("guest", "/companions/0/person")):
        body = {"slot": slot, "person": person, "companions": [{"kind": kind, "person": child}]}
        status, problem = await members.refused(path, body)
        assert (status, faults(problem)) == (422, {at: "child_named"})
    named = await book(members, gathering, slot, person, companions=[{"kind": "carer", "person": carer}])
    assert named["companions"] == [{"kind": "carer", "people": 1, "person": carer}]


@ON_ONE_DATABASE
async def test_unknown_people_and_slots_are_faults_by_pointer(members: Caller) -> None:
    gathering, slot = await published(members)
    _, elsewhere = await published(members)
    path, nobody = f"/v1/gatherings/{gathering}/bookings", new_id("person")
    body = {"slot": slot, "person": nobody, "companions": [{"kind": "guest", "person": nobody}]}
    status, problem = await members.refused(path, body)
    wanted = {"/person": "unknown_person", "/companions/0/person": "unknown_person"}
    assert (status, faults(problem)) == (422, wanted)
    body = {"slot": elsewhere, "person": await members.person()}
    assert faults((await members.refused(path, body))[1]) == {"/slot": "unknown_slot"}


async def test_more_companions_need_as_many_places(members: Caller) -> None:
    gathering, slot = await published(members, capacity=2)
    booking = await book(members, gathering, slot)
    path = f"/v1/bookings/{booking['id']}"
    guests = {"companions": [{"kind": "guest", "people": 2}]}
    assert (await edit(members, path, guests, method="PATCH", status=409))["code"] == "no_places"
    assert (await members.get(path)) == booking
    changed = await edit(members, path, {"companions": [{"kind": "guest"}]}, method="PATCH", tag='"1"')
    assert (changed["places"], changed["version"]) == (2, 2)
    await edit(members, f"{path}/cancel", tag='"1"', status=412)
    assert (await edit(members, f"{path}/cancel", tag='"2"'))["state"] == "cancelled"
    assert (await edit(members, path, guests, method="PATCH", status=409))["state"] == "cancelled"


@ON_ONE_DATABASE
async def test_bookings_are_listed_by_person(members: Caller) -> None:
    gathering, slot = await published(members)
    booking = await book(members, gathering, slot)
    await book(members, gathering, slot)
    listed = await members.every("/v1/bookings", person=booking["person"])
    assert [row["id"] for row in listed] == [booking["id"]]
