"""What we would invite somebody to do: who asks, by when, and what they said."""

from datetime import timedelta

from shared import clock
from shared.ids import new_id
from shared.testing.caller import faults, json_of
from tests.members.caller import Caller

TODAY = clock.now().date()
SOON = (TODAY + timedelta(days=7)).isoformat()
WHAT = "Lead the walk on the first Sunday in May."


async def test_an_ask_is_made_listed_when_it_is_due_changed_and_answered(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    made = await members.post("/v1/ladder/asks", {"person": ada, "what": WHAT, "asker": joan, "due_on": SOON})
    assert (made["state"], made["answer"], made["version"]) == ("open", None, 1)
    path = f"/v1/ladder/asks/{made['id']}"
    assert (await members.get("/v1/ladder/asks", state="open", due_by=TODAY.isoformat()))["data"] == []
    sooner = await members.client.patch(path, json={"due_on": TODAY.isoformat()}, headers={"if-match": '"1"'})
    assert (await members.get("/v1/ladder/asks", state="open", due_by=TODAY.isoformat()))["data"] == [
        json_of(sooner, 200)
    ]
    assert (await members.refused(path, {"what": "x"}, method="PATCH"))[0] == 428
    answer = {"answer": "later", "on": TODAY.isoformat(), "note": "After the exams."}
    answered = await members.post(f"{path}/answer", answer, status=200)
    assert (answered["state"], answered["answer"], answered["note"]) == ("answered", "later", "After the exams.")
    assert await members.get(path) == answered
    assert (await members.refused(f"{path}/answer", answer))[1]["code"] == "illegal_transition"
    assert (await members.refused(f"{path}/withdraw"))[1]["code"] == "illegal_transition"
    events = await members.published(made["id"])
    assert events == [
        ("next_ask.made", {"ask": made["id"], "person": ada, "asker": joan}),
        ("next_ask.answered", {"ask": made["id"], "person": ada, "answer": "later"}),
    ]


async def test_asks_are_listed_by_person_and_by_who_asks(members: Caller, other: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    first = await members.post("/v1/ladder/asks", {"person": ada, "what": WHAT, "asker": joan, "due_on": SOON})
    second = await members.post("/v1/ladder/asks", {"person": joan, "what": WHAT, "due_on": SOON})
    assert (await members.get("/v1/ladder/asks", asker=joan))["data"] == [first]
    assert (await members.get("/v1/ladder/asks", person=joan))["data"] == [second]
    withdrawn = await members.post(f"/v1/ladder/asks/{second['id']}/withdraw", status=200)
    assert (await members.get("/v1/ladder/asks", state="withdrawn"))["data"] == [withdrawn]
    assert (await other.get("/v1/ladder/asks"))["data"] == []
    assert (await other.refused(f"/v1/ladder/asks/{first['id']}", method="GET"))[0] == 404


async def test_nothing_is_asked_of_whoever_has_no_place_on_the_ladder(members: Caller) -> None:
    child, ada = await members.person("Ben", age_band="13_to_15"), await members.person("Ada")
    ask = {"what": WHAT, "due_on": SOON}
    assert (await members.refused("/v1/ladder/asks", {**ask, "person": child}))[1]["code"] == "no_ladder"
    made = await members.post("/v1/ladder/asks", {**ask, "person": ada})
    await members.client.put(f"/v1/people/{ada}/ladder/objection")
    assert (await members.get("/v1/ladder/asks"))["data"] == []
    assert (await members.refused(f"/v1/ladder/asks/{made['id']}", method="GET"))[0] == 404


async def test_strangers_and_days_to_come_are_named(members: Caller, other: Caller) -> None:
    ada, stranger = await members.person(), await other.person()
    body = {"person": stranger, "asker": new_id("person"), "what": WHAT, "due_on": SOON}
    status, problem = await members.refused("/v1/ladder/asks", body)
    assert (status, faults(problem)) == (422, {"/person": "unknown_person", "/asker": "unknown_person"})
    made = await members.post("/v1/ladder/asks", {"person": ada, "what": WHAT, "due_on": SOON})
    status, problem = await members.refused(f"/v1/ladder/asks/{made['id']}/answer", {"answer": "yes", "on": SOON})
    assert (status, faults(problem)) == (422, {"/on": "in_the_future"})
