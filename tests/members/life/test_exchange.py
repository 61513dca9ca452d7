"""Asks and offers: what fits what and why, how a match goes, and hours that are settled in the time bank."""

import asyncio
from datetime import timedelta

import pytest

from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import edit
from tests.members.life.exchanging import HEDGE, listed, matched, state, step, withdraw

NOBODY = "person_01j5x3m0e8f7v9q2k4t6w8y0ab"
MATCHES = "/v1/asks/matches"


def on(day: str, starts: str = "09:00", ends: str = "12:00") -> Json:
    return {"day": day, "starts": starts, "ends": ends}


async def suggested(members: Caller, listing: Json, **asked: int) -> list[Json]:
    noun = f"{str(listing['id']).partition('_')[0]}s"
    found: list[Json] = (await members.get(f"/v1/{noun}/{listing['id']}/suggestions", **asked))["data"]
    return found


@ON_ONE_DATABASE
async def test_an_ask_is_met_by_an_offer_done_and_thanked(members: Caller) -> None:
    ask, offer = await listed(members, "asks"), await listed(members, "offers")
    match = await matched(members, ask, offer)
    assert [await state(members, each) for each in (ask, offer)] == ["matched", "matched"]
    done = await step(members, match, "done", {"on": "2026-01-02"})
    assert (done["state"], done["done_on"]) == ("done", "2026-01-02")
    assert [await state(members, each) for each in (ask, offer)] == ["done", "done"]
    thanked = await step(members, match, "thank", {"words": "The hedge is lovely."})
    assert thanked == await members.get(f"{MATCHES}/{match['id']}")
    assert (thanked["state"], thanked["thanks"]) == ("thanked", "The hedge is lovely.")
    assert [await state(members, each) for each in (ask, offer)] == ["thanked", "thanked"]
    about = {"ask": ask["id"], "match": match["id"], "offer": offer["id"]}
    told = await members.published(ask["id"], offer["id"])
    assert [kind for kind, _ in told] == ["ask.opened", "offer.opened", "ask.matched", "ask.done", "ask.thanked"]
    assert all(payload == about for _, payload in told[2:])
    (done_by,) = (await members.get("/v1/activities", person=offer["person"]))["data"]
    assert (done_by["kind"], done_by["counterpart"]) == ("helped_out", None)


@ON_ONE_DATABASE
async def test_what_falls_through_leaves_both_open_to_be_matched_again(members: Caller) -> None:
    ask, offer = await listed(members, "asks"), await listed(members, "offers")
    match = await matched(members, ask, offer)
    fallen = await step(members, match, "fall-through", {"note": "Neither found a day."})
    assert (fallen["state"], fallen["note"]) == ("fallen_through", "Neither found a day.")
    assert [await state(members, each) for each in (ask, offer)] == ["open", "open"]
    again = await matched(members, ask, offer)
    for chosen, found in (({"ask": ask["id"]}, 2), ({"offer": offer["id"], "state": "made"}, 1)):
        rows = (await members.get(MATCHES, **chosen))["data"]
        assert (len(rows), rows[-1]["id"]) == (found, again["id"])
    for late in ("done", "thank", "fall-through"):
        status, problem = await members.refused(f"{MATCHES}/{match['id']}/{late}", {})
        assert (status, problem["code"], problem["state"]) == (409, "illegal_transition", "fallen_through")


async def test_suggestions_come_in_the_order_of_what_is_shared_and_say_why(members: Caller) -> None:
    wants: Json = {"interests": ["gardening", "repairs"], "times": [on("tuesday")], "area": "Matson"}
    ask = await listed(members, "asks", **wants)
    near = await listed(members, "offers", interests=["gardening"], area="matson")
    both = await listed(members, "offers", interests=["gardening", "repairs"], times=[on("tuesday", "10:30", "15:00")])
    await listed(members, "offers", interests=["cooking"])
    await listed(members, "offers", times=[on("tuesday", "12:00", "15:00"), on("monday")])
    await listed(members, "offers", kind="kit")
    await listed(members, "offers", ask["person"], interests=["gardening"])
    plain = await listed(members, "offers")
    found = await suggested(members, ask)
    assert [each["id"] for each in found] == [both["id"], near["id"], plain["id"]]
    assert [each["reasons"] for each in found] == [
        [
            "What is asked for and offered is time.",
            "They share gardening and repairs.",
            "Both have time on Tuesday from 10:30 to 12:00.",
        ],
        ["What is asked for and offered is time.", "They share gardening.", "Both are in Matson."],
        ["What is asked for and offered is time."],
    ]
    assert [each["id"] for each in await suggested(members, both)] == [ask["id"]]
    assert len(await suggested(members, ask, most=1)) == 1
    assert (await matched(members, ask, both))["reasons"] == found[0]["reasons"]
    again = await suggested(members, await listed(members, "asks"), most=20)
    assert both["id"] not in [each["id"] for each in again]


@ON_ONE_DATABASE
async def test_who_names_no_place_is_near_whoever_lives_near(members: Caller) -> None:
    ask = await listed(members, "asks", await members.person(postcode="GL4 6LA"))
    far = await listed(members, "offers", await members.person(postcode="GL1 1AA"))
    near = await listed(members, "offers", await members.person(postcode="GL4 6PR"))
    found = await suggested(members, ask)
    assert [each["id"] for each in found] == [near["id"], far["id"]]
    assert found[0]["reasons"][-1] == "Both are in the same part of town."
    assert "GL4" not in str(found)


async def test_hours_of_what_was_done_are_settled_once_in_the_time_bank(members: Caller) -> None:
    ask, offer = await listed(members, "asks"), await listed(members, "offers")
    match = await matched(members, ask, offer)
    path, hours = f"{MATCHES}/{match['id']}/settle", {"minutes": 90, "what": "cut the hedge"}
    assert (await members.refused(path, hours))[1]["code"] == "illegal_transition"
    await step(members, match, "done")
    refused = (await members.refused(path, hours | {"minutes": 700}))[1]
    assert (refused["code"], (await members.get(f"{MATCHES}/{match['id']}"))["transfer"]) == ("below_limit", None)
    settled = await members.post(path, hours, status=200)
    transfer = await members.get(f"/v1/time-credits/{settled['transfer']}")
    sides = (transfer["helper"]["person"], transfer["helped"]["person"], transfer["minutes"])
    assert sides == (offer["person"], ask["person"], 90)
    status, problem = await members.refused(path, hours)
    assert (status, problem["code"], problem["transfer"]) == (409, "settled_already", settled["transfer"])
    assert len((await members.get("/v1/activities", person=offer["person"]))["data"]) == 1
    await members.post(f"/v1/time-credits/{settled['transfer']}/reverse", {"why": "It was an hour."})
    again = await members.post(path, hours | {"minutes": 60}, status=200)
    assert again["transfer"] != settled["transfer"]
    closing = (await members.get("/v1/time-credits/statement", person=ask["person"]))["closing"]
    assert closing == -60


@pytest.mark.parametrize("withdrawn", ["asks", "offers"])
async def test_who_withdraws_without_knowing_of_a_match_is_told_and_may_insist(members: Caller, withdrawn: str) -> None:
    rows = {noun: await listed(members, noun) for noun in ("asks", "offers")}
    match = await matched(members, rows["asks"], rows["offers"])
    other = next(row for noun, row in rows.items() if noun != withdrawn)
    problem = await withdraw(members, rows[withdrawn], '"1"', status=412)
    assert problem["code"] == "precondition_failed"
    assert [await state(members, row) for row in rows.values()] == ["matched", "matched"]
    gone = await withdraw(members, rows[withdrawn], '"2"')
    assert (gone["state"], await state(members, other)) == ("withdrawn", "open")
    assert (await members.get(f"{MATCHES}/{match['id']}"))["state"] == "fallen_through"
    assert (await withdraw(members, gone, status=409))["code"] == "illegal_transition"


@ON_ONE_DATABASE
async def test_what_was_withdrawn_first_is_not_matched(members: Caller) -> None:
    ask, offer = await listed(members, "asks"), await listed(members, "offers")
    await withdraw(members, offer, '"1"')
    status, problem = await members.refused(MATCHES, {"ask": ask["id"], "offer": offer["id"]})
    assert (status, problem["code"], problem["state"]) == (409, "not_open", "withdrawn")
    assert (await state(members, ask), (await members.get(MATCHES))["data"]) == ("open", [])


async def test_an_offer_that_is_withdrawn_while_it_is_matched_is_one_or_the_other(members: Caller) -> None:
    """At once and again: whichever comes first, the other is refused, and nothing is half-done."""
    for number in range(4):
        ask, offer = await listed(members, "asks"), await listed(members, "offers")
        pair = {"ask": ask["id"], "offer": offer["id"]}
        calls = [
            members.client.post(MATCHES, json=pair),
            members.client.post(f"/v1/offers/{offer['id']}/withdraw", headers={"If-Match": '"1"'}),
        ]
        answers = await asyncio.gather(*(reversed(calls) if number % 2 else calls))
        codes = sorted(answer.status_code for answer in answers)
        states = (await state(members, ask), await state(members, offer))
        live = (await members.get(MATCHES, ask=ask["id"]))["data"]
        assert (codes, states, len(live)) in (
            ([201, 412], ("matched", "matched"), 1),
            ([200, 409], ("open", "withdrawn"), 0),
        )


async def test_of_many_who_match_one_offer_at_once_one_does(members: Caller) -> None:
    offer = await listed(members, "offers")
    asks = [await listed(members, "asks") for _ in range(4)]
    pairs = [{"ask": ask["id"], "offer": offer["id"]} for ask in asks]
    answers = await asyncio.gather(*(members.client.post(MATCHES, json=pair) for pair in pairs))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert sorted([await state(members, ask) for ask in asks]) == ["matched", "open", "open", "open"]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"person": None}, {"": "one_of"}),
        ({"person": NOBODY}, {"/person": "unknown_person"}),
        ({"kind": "money"}, {"/kind": "enum"}),
        ({"until": "2020-01-01"}, {"/until": "in_the_past"}),
        ({"times": [on("monday", "12:00", "12:00")]}, {"/times/0": "ends_first"}),
    ],
)
async def test_a_bad_ask_is_refused(members: Caller, wrong: Json, found: Json) -> None:
    status, problem = await members.refused("/v1/asks", HEDGE | {"person": await members.person()} | wrong)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get("/v1/asks"))["data"] == []


@ON_ONE_DATABASE
async def test_a_bad_match_is_refused(members: Caller) -> None:
    ask = await listed(members, "asks")
    unknown = {"ask": "ask_01j5x3m0e8f7v9q2k4t6w8y0ab", "offer": "offer_01j5x3m0e8f7v9q2k4t6w8y0ab"}
    assert faults((await members.refused(MATCHES, unknown))[1]) == {"/ask": "unknown_ask", "/offer": "unknown_offer"}
    own = await listed(members, "offers", ask["person"])
    pair = {"ask": ask["id"], "offer": own["id"]}
    assert faults((await members.refused(MATCHES, pair))[1]) == {"/offer": "same_side"}
    soon = (clock.now().date() + timedelta(days=1)).isoformat()
    offer = await listed(members, "offers", until=soon)
    with clock.frozen(clock.now() + timedelta(days=3)):
        status, problem = await members.refused(MATCHES, pair | {"offer": offer["id"]})
    assert (status, problem["code"], problem["state"]) == (409, "not_open", "over")
    match = await matched(members, ask, offer)
    status, problem = await members.refused(f"{MATCHES}/{match['id']}/done", {"on": "2999-01-01"})
    assert faults(problem) == {"/on": "in_the_future"}
    assert await state(members, ask) == "matched"


@ON_ONE_DATABASE
async def test_what_is_open_is_edited_at_the_version_that_was_read(members: Caller) -> None:
    ask = await listed(members, "asks")
    path = f"/v1/asks/{ask['id']}"
    changed = await edit(members, path, {"title": "the hedge", "area": "Matson"}, method="PATCH", tag='"1"')
    assert (changed["title"], changed["area"], changed["version"]) == ("the hedge", "Matson", 2)
    await edit(members, path, {"area": None}, method="PATCH", tag='"1"', status=412)
    assert (await members.refused(path, {}, method="PATCH"))[0] == 428
    await matched(members, ask)
    late = await edit(members, path, {"title": "two hedges"}, method="PATCH", status=409)
    assert (late["code"], late["state"]) == ("not_open", "matched")


@ON_ONE_DATABASE
async def test_a_list_is_chosen_by_whose_they_are_what_kind_and_where_they_stand(members: Caller) -> None:
    hall = await members.organisation()
    mine = await listed(members, "offers", hall, kind="space", until="2999-01-01")
    time = await listed(members, "offers")
    for chosen, ids in (
        ({"organisation": hall}, [mine["id"]]),
        ({"person": time["person"]}, [time["id"]]),
        ({"kind": "space"}, [mine["id"]]),
        ({"on": "3000-01-01"}, [time["id"]]),
        ({"state": "open"}, [mine["id"], time["id"]]),
        ({"updated_since": time["updated_at"]}, [time["id"]]),
    ):
        assert [row["id"] for row in (await members.get("/v1/offers", **chosen))["data"]] == ids
    assert (await members.get("/v1/asks"))["data"] == []
    status, _ = await members.refused(f"/v1/asks/{mine['id']}", method="GET")
    assert status == 422


@ON_ONE_DATABASE
async def test_another_movements_exchange_is_unknown_here(members: Caller, other: Caller) -> None:
    ask, offer = await listed(other, "asks"), await listed(other, "offers")
    match = await matched(other, ask, offer)
    for path in ("/v1/asks", "/v1/offers", MATCHES):
        assert (await members.get(path))["data"] == []
    reads = (f"asks/{ask['id']}", f"offers/{offer['id']}", f"asks/matches/{match['id']}")
    for path in (*reads, f"asks/{ask['id']}/suggestions", f"offers/{offer['id']}/suggestions"):
        assert (await members.client.get(f"/v1/{path}")).status_code == 404
    for act in ("done", "thank", "fall-through"):
        assert (await members.refused(f"{MATCHES}/{match['id']}/{act}", {}))[0] == 404
    assert (await members.refused(f"{MATCHES}/{match['id']}/settle", {"minutes": 5, "what": "x"}))[0] == 404
    await withdraw(members, offer, status=404)
    _, problem = await members.refused(MATCHES, {"ask": ask["id"], "offer": offer["id"]})
    assert faults(problem) == {"/ask": "unknown_ask", "/offer": "unknown_offer"}
