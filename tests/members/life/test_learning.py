"""Learning: needs, places on courses, what was completed, and to whom it was passed on."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI

from shared import clock
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import edit

NOBODY = "person_01j5x3m0e8f7v9q2k4t6w8y0ab"
LEARNING, PLACES = "/v1/learning", "/v1/learning/places"
NOW = clock.now()


def day(offset: int) -> str:
    return (NOW.date() + timedelta(days=offset)).isoformat()


async def course(members: Caller, **other: object) -> str:
    body = {"title": "Walk leader training", "topic": "walk leading", "starts_on": day(-3), "ends_on": day(3), **other}
    return str((await members.post(f"{LEARNING}/courses", body))["id"])


async def placed(members: Caller, on: str, person: str | None = None, **other: object) -> Json:
    return await members.post(PLACES, {"course": on, "person": person or await members.person(), **other})


async def step(members: Caller, place: Json, what: str, body: Json | None = None) -> Json:
    return await members.post(f"{PLACES}/{place['id']}/{what}", body, status=200)


async def test_a_need_is_met_by_a_place_that_is_completed_and_what_was_learnt_is_passed_on(members: Caller) -> None:
    ada, hall = await members.person("Ada"), await members.organisation()
    need = await members.post(f"{LEARNING}/needs", {"person": ada, "topic": "Walk  Leading", "words": "To begin."})
    assert (need["topic"], need["state"]) == ("walk leading", "open")
    place = await placed(members, await course(members), ada, need=need["id"])
    done = await step(members, place, "complete", {"on": day(-1)})
    assert (done["state"], done["completed_on"]) == ("completed", day(-1))
    assert (await members.get(f"{LEARNING}/needs/{need['id']}"))["state"] == "met"
    ben = await members.person("Ben")
    await step(members, place, "pass-on", {"person": ben, "what": "How to read a map."})
    shown = await step(members, place, "pass-on", {"organisation": hall, "people": 12})
    assert [(each["person"], each["organisation"], each["people"]) for each in shown["passed_on"]] == [
        (ben, None, 1), (None, hall, 12),
    ]  # fmt: skip
    assert (await members.get(PLACES, person=ada))["data"] == [shown]
    (topic,) = (await members.get(f"{LEARNING}/topics"))["data"]
    assert topic == {
        "topic": "walk leading", "needed": 0, "met": 1, "courses": 1, "completed": 1, "passed_on": 13,
    }  # fmt: skip
    kinds = [row["kind"] for row in (await members.get("/v1/activities", person=ada))["data"]]
    assert kinds == ["completed_learning", "passed_on_learning", "passed_on_learning"]
    told = [kind for kind, _ in await members.published(need["id"], place["id"])]
    assert told == ["learning.need_said", "learning.completed", "learning.passed_on", "learning.passed_on"]


async def test_however_many_come_at_once_no_more_have_a_place_than_there_are(members: Caller) -> None:
    full = await course(members, places=2)
    people = [await members.person() for _ in range(4)]
    bodies = [{"course": full, "person": person} for person in people]
    answers = await asyncio.gather(*(members.client.post(PLACES, json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.is_client_error} == {"course_full"}
    assert (await members.get(f"{LEARNING}/courses/{full}"))["taken"] == 2
    held = next(answer.json() for answer in answers if answer.is_success)
    again = await members.refused(PLACES, {"course": full, "person": held["person"]})
    assert (again[1]["code"], again[1]["place"]) == ("place_already", held["id"])
    less = await edit(members, f"{LEARNING}/courses/{full}", {"places": 1}, method="PATCH", status=422)
    assert faults(less) == {"/places": "taken_already"}
    await step(members, held, "leave")
    assert (await placed(members, full))["state"] == "held"


@ON_ONE_DATABASE
async def test_a_course_that_is_cancelled_leaves_needs_open(members: Caller) -> None:
    ada = await members.person()
    need = await members.post(f"{LEARNING}/needs", {"person": ada, "topic": "first aid"})
    cancelled = await course(members)
    place = await placed(members, cancelled, ada, need=need["id"])
    path = f"{LEARNING}/courses/{cancelled}"
    assert (await members.post(f"{path}/cancel", status=200))["taken"] == 0
    assert (await members.get(f"{PLACES}/{place['id']}"))["state"] == "left"
    assert (await members.get(f"{LEARNING}/needs/{need['id']}"))["state"] == "open"
    for late, body in ((f"{path}/cancel", None), (PLACES, {"course": cancelled, "person": ada})):
        assert (await members.refused(late, body))[1]["code"] == "course_over"
    for late in ("complete", "leave", "pass-on"):
        body = {"words": "us"} if late == "pass-on" else {}
        assert (await members.refused(f"{PLACES}/{place['id']}/{late}", body))[1]["code"] == "illegal_transition"
    with clock.frozen(NOW + timedelta(days=5)):
        over = await members.refused(PLACES, {"course": await course(members), "person": ada})
    assert over[1]["code"] == "course_over"


@ON_ONE_DATABASE
async def test_what_was_said_is_edited_chosen_and_dropped(members: Caller) -> None:
    hall = await members.organisation()
    need = await members.post(f"{LEARNING}/needs", {"organisation": hall, "topic": "first aid", "words": "Two of us."})
    path = f"{LEARNING}/needs/{need['id']}"
    changed = await edit(members, path, {"topic": "First Aid at work", "words": None}, method="PATCH", tag='"1"')
    assert (changed["topic"], changed["words"]) == ("first aid at work", None)
    await edit(members, path, {}, method="PATCH", tag='"1"', status=412)
    on = await course(members, provider=hall, topic="cooking")
    for chosen, found in (
        (("needs", {"organisation": hall}), need["id"]),
        (("needs", {"topic": "First aid at  work", "state": "open"}), need["id"]),
        (("courses", {"topic": "cooking", "on": day(0)}), on),
        (("courses", {"provider": hall}), on),
    ):
        noun, asked = chosen
        assert [row["id"] for row in (await members.get(f"{LEARNING}/{noun}", **asked))["data"]] == [found]
    assert (await members.get(f"{LEARNING}/courses", on=day(9)))["data"] == []
    assert (await members.post(f"{path}/drop", status=200))["state"] == "dropped"
    assert (await members.refused(f"{path}/drop"))[1]["code"] == "illegal_transition"
    topics = await members.every(f"{LEARNING}/topics", limit=1)
    assert [(row["topic"], row["needed"], row["courses"]) for row in topics] == [
        ("cooking", 0, 1), ("first aid at work", 0, 0),
    ]  # fmt: skip


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("path", "body", "found"),
    [
        ("needs", {"topic": "x"}, {"": "one_of"}),
        ("needs", {"person": NOBODY, "topic": "x"}, {"/person": "unknown_person"}),
        ("courses", {"title": "x", "topic": "x", "starts_on": day(1), "ends_on": day(0)}, {"/ends_on": "before_start"}),
        ("courses", {"title": "x", "topic": "x", "starts_on": day(1), "places": 0}, {"/places": "greater_than_equal"}),
        ("places", {"course": "course_01j5x3m0e8f7v9q2k4t6w8y0ab", "person": NOBODY},
         {"/course": "unknown_course", "/person": "unknown_person"}),
    ],
)  # fmt: skip
async def test_what_is_bad_is_refused(members: Caller, path: str, body: Json, found: Json) -> None:
    status, problem = await members.refused(f"{LEARNING}/{path}", body)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get(f"{LEARNING}/{path}"))["data"] == []


@ON_ONE_DATABASE
async def test_a_place_is_for_ones_own_need_and_completed_once_there_is_something_to_complete(members: Caller) -> None:
    ada, later = await members.person("Ada"), await course(members, starts_on=day(1))
    need = await members.post(f"{LEARNING}/needs", {"person": await members.person(), "topic": "x"})
    body = {"course": later, "person": ada, "need": need["id"]}
    assert faults((await members.refused(PLACES, body))[1]) == {"/need": "others_need"}
    place = await placed(members, later, ada)
    for on, code in ((day(0), "before_start"), (day(2), "in_the_future")):
        _, problem = await members.refused(f"{PLACES}/{place['id']}/complete", {"on": on})
        assert faults(problem) == {"/on": code}
    done = await placed(members, await course(members), ada)
    await step(members, done, "complete", {})
    for wrong, found in (
        ({"person": ada}, {"/person": "same_person"}),
        ({"words": "us", "on": day(1)}, {"/on": "in_the_future"}),
        ({"person": ada, "people": 3}, {"": "one_person"}),
        ({}, {"": "one_of"}),
    ):
        assert faults((await members.refused(f"{PLACES}/{done['id']}/pass-on", wrong))[1]) == found


@ON_ONE_DATABASE
async def test_what_people_do_for_one_another_is_on_their_timeline_without_a_word_of_it(members: Caller) -> None:
    ada = await members.person("Ada")
    said = {"person": ada, "kind": "advice", "title": "about my debts"}
    for noun in ("asks", "offers"):
        await members.post(f"/v1/{noun}", said)
    await members.post("/v1/wins", {"what": "Thirty walk.", "made_by": [{"person": ada}]})
    scheme = (await members.post("/v1/recognitions/schemes", {"name": "Walkers", "criteria": ["They walk."]}))["id"]
    await members.post("/v1/recognitions", {"scheme": scheme, "person": ada, "evidence": "Seen."})
    await members.post(f"{LEARNING}/needs", {"person": ada, "topic": "reading"})
    await step(members, await placed(members, await course(members), ada), "complete", {})
    told = await members.get(f"/v1/people/{ada}/timeline")
    assert {
        "exchange.asked", "exchange.offered", "win.had_a_part", "recognition.given", "learning.need_said",
        "learning.completed",
    } <= {each["kind"] for each in told["data"]}  # fmt: skip
    assert not [word for word in ("debts", "Thirty", "reading", "Walkers") if word in str(told)]


@ON_ONE_DATABASE
async def test_who_is_kept_apart_has_no_place_beside_the_other(members: Caller, lead: Caller) -> None:
    ada, eve, may = [await members.person(name) for name in ("Ada", "Eve", "May")]
    on, other = await course(members), await course(members)
    await placed(members, on, ada)
    gives_way = await placed(members, on, eve)
    await lead.post("/v1/keep-apart", {"person": ada, "other": eve})
    assert (await members.get(f"{PLACES}/{gives_way['id']}"))["state"] == "left"
    refused = await members.refused(PLACES, {"course": on, "person": eve})
    assert (refused[1]["code"], "apart" in str(refused)) == ("not_available", False)
    done = await placed(members, other, eve)
    await step(members, done, "complete", {})
    assert (await members.refused(f"{PLACES}/{done['id']}/pass-on", {"person": ada}))[1]["code"] == "not_available"
    await lead.post("/v1/protected-people", {"person": may, "reason": "A threat."})
    assert (await members.refused(PLACES, {"course": other, "person": may}))[1]["code"] == "not_available"


@ON_ONE_DATABASE
async def test_no_employer_sees_what_its_own_staff_needs_or_learns(
    app: FastAPI, vouching: Secrets, members: Caller
) -> None:
    trust, nurse = await members.organisation("Royal Free"), await members.person("Nora")
    await members.post("/v1/affiliations", {"person": nurse, "organisation": trust})
    need = await members.post(f"{LEARNING}/needs", {"person": nurse, "topic": "x"})
    place = await placed(members, await course(members), nurse)
    async with Caller(app, vouching, members.movement, organisation=trust) as employer:
        for path, row in ((f"{LEARNING}/needs", need), (PLACES, place)):
            assert (await employer.get(path))["data"] == []
            assert (await employer.client.get(f"{path}/{row['id']}")).status_code == 404
        assert (await employer.get(f"{LEARNING}/courses/{place['course']}"))["taken"] == 1
        told = (await employer.get(f"/v1/people/{nurse}/timeline"))["data"]
        assert [each for each in told if each["kind"].startswith("learning")] == []


@ON_ONE_DATABASE
async def test_another_movements_learning_is_unknown_here(members: Caller, other: Caller) -> None:
    person, theirs = await other.person(), await course(other)
    need = await other.post(f"{LEARNING}/needs", {"person": person, "topic": "x"})
    place = await placed(other, theirs, person)
    rows = (f"needs/{need['id']}", f"courses/{theirs}", f"places/{place['id']}")
    for noun in ("needs", "courses", "places", "topics"):
        assert (await members.get(f"{LEARNING}/{noun}"))["data"] == []
    for row in rows:
        assert (await members.client.get(f"{LEARNING}/{row}")).status_code == 404
    for act in (f"{rows[0]}/drop", f"{rows[1]}/cancel", f"{rows[2]}/complete", f"{rows[2]}/leave"):
        assert (await members.refused(f"{LEARNING}/{act}", {}))[0] == 404
    assert (await members.refused(f"{LEARNING}/{rows[2]}/pass-on", {"words": "us"}))[0] == 404
    body = {"course": theirs, "person": await members.person(), "need": need["id"]}
    assert faults((await members.refused(PLACES, body))[1]) == {"/course": "unknown_course", "/need": "unknown_need"}
