"""Circles: drafted, active, closed; terms that fall due; and a log of decisions that is only ever added to."""

from datetime import timedelta

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import active_circle, edit

TODAY = clock.now().date()
DRAFT = {"kind": "steering_group", "name": "Steering group", "purpose": "To keep the direction."}
DECISION: Json = {
    "decided_on": TODAY.isoformat(),
    "what": "The park opens at six.",
    "why": "Nurses come off their shift then.",
    "present": [{"role": "chair", "people": 1}, {"role": "resident", "people": 5}],
    "objections": ["It is dark at six."],
}


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


@ON_ONE_DATABASE
async def test_a_circle_is_drafted_active_and_closed_and_each_step_is_told(members: Caller) -> None:
    drafted = await members.client.post("/v1/circles", json=DRAFT)
    circle = drafted.json()["id"]
    assert (drafted.json()["state"], drafted.headers["etag"]) == ("draft", '"1"')
    await edit(members, f"/v1/circles/{circle}/activate", tag='"1"')
    closed = await edit(members, f"/v1/circles/{circle}/close", tag='"2"')
    assert (closed["state"], closed["version"]) == ("closed", 3)
    told = [(kind, payload["state"]) for kind, payload in await members.published(circle)]
    assert told == [("circle.state_changed", state) for state in ("draft", "active", "closed")]


@ON_ONE_DATABASE
async def test_steps_that_are_not_legal_are_refused(members: Caller) -> None:
    circle = await active_circle(members)
    again = await edit(members, f"/v1/circles/{circle}/activate", status=409)
    assert (again["code"], again["state"]) == ("illegal_transition", "active")
    await edit(members, f"/v1/circles/{circle}/close")
    for step in ("activate", "close"):
        assert (await edit(members, f"/v1/circles/{circle}/{step}", status=409))["state"] == "closed"


@ON_ONE_DATABASE
async def test_an_edit_changes_what_it_names_at_the_version_that_was_read(members: Caller) -> None:
    circle = (await members.post("/v1/circles", DRAFT))["id"]
    changed = await edit(members, f"/v1/circles/{circle}", {"name": "Stewards"}, method="PATCH", tag='"1"')
    assert (changed["name"], changed["purpose"], changed["version"]) == ("Stewards", DRAFT["purpose"], 2)
    await edit(members, f"/v1/circles/{circle}", {"name": "Late"}, method="PATCH", tag='"1"', status=412)
    assert (await members.refused(f"/v1/circles/{circle}", {}, method="PATCH"))[0] == 428
    status, problem = await members.refused("/v1/circles", {"kind": "club", "name": " "})
    assert status == 422
    assert faults(problem).keys() == {"/kind", "/name", "/purpose"}


async def test_a_term_falls_due_when_its_last_day_is_past_until_it_is_renewed_or_ended(members: Caller) -> None:
    circle, person = await active_circle(members), await members.person()
    path = f"/v1/circles/{circle}/members"
    term = {"person": person, "role": "chair", "from": day(-30)}
    due = await members.post(path, term | {"until": day(-1)})
    current = await members.post(path, term | {"until": day(0)})
    upcoming = await members.post(path, term | {"from": day(1)})
    assert [one["state"] for one in (due, current, upcoming)] == ["due", "current", "upcoming"]
    for state, only in (("due", due), ("current", current), ("upcoming", upcoming)):
        assert [one["id"] for one in await members.every(path, state=state)] == [only["id"]]
    renewed = await edit(members, f"{path}/{due['id']}", {"until": day(30)}, method="PATCH", tag='"1"')
    assert (renewed["state"], renewed["until"]) == ("current", day(30))
    ended = await edit(members, f"{path}/{due['id']}/end", {})
    assert (ended["state"], ended["ended_on"]) == ("ended", day(0))
    assert [one["id"] for one in await members.every(path, state="ended")] == [due["id"]]
    again = await edit(members, f"{path}/{due['id']}/end", {}, status=409)
    assert again["code"] == "term_ended"
    steps = [payload["step"] for kind, payload in await members.published(circle) if kind == "circle.term_changed"]
    assert steps == ["begun", "begun", "begun", "renewed", "ended"]


@ON_ONE_DATABASE
async def test_when_a_circle_closes_its_terms_end_and_it_takes_nobody_in(members: Caller) -> None:
    circle, person = await active_circle(members), await members.person()
    term = {"person": person, "role": "chair", "from": day(-30)}
    await members.post(f"/v1/circles/{circle}/members", term)
    await edit(members, f"/v1/circles/{circle}/close")
    (ended,) = await members.every(f"/v1/circles/{circle}/members")
    assert ended["state"] == "ended"
    status, problem = await members.refused(f"/v1/circles/{circle}/members", term)
    assert (status, problem["code"]) == (409, "circle_not_active")


async def test_an_entry_of_the_log_stays_and_a_further_one_corrects_it_once(members: Caller) -> None:
    circle = await active_circle(members)
    path = f"/v1/circles/{circle}/decisions"
    first = await members.post(path, DECISION)
    right = await members.post(path, DECISION | {"what": "The park opens at seven.", "corrects": first["id"]})
    listed = await members.every(path)
    assert [(one["what"], one["corrects"], one["corrected_by"]) for one in listed] == [
        ("The park opens at six.", None, right["id"]),
        ("The park opens at seven.", first["id"], None),
    ]
    assert listed[0]["objections"] == DECISION["objections"]
    status, problem = await members.refused(path, DECISION | {"corrects": first["id"]})
    assert (status, problem["code"], problem["corrected_by"]) == (409, "already_corrected", right["id"])
    for method in ("PUT", "PATCH", "DELETE"):
        assert (await members.client.request(method, f"{path}/{first['id']}", json={})).status_code in (404, 405)


@ON_ONE_DATABASE
async def test_a_draft_decides_nothing_and_a_closed_circle_only_corrects(members: Caller) -> None:
    draft = (await members.post("/v1/circles", DRAFT))["id"]
    assert (await members.refused(f"/v1/circles/{draft}/decisions", DECISION))[1]["code"] == "circle_not_active"
    circle = await active_circle(members)
    path = f"/v1/circles/{circle}/decisions"
    first = await members.post(path, DECISION)
    await edit(members, f"/v1/circles/{circle}/close")
    assert (await members.refused(path, DECISION))[1]["code"] == "circle_not_active"
    await members.post(path, DECISION | {"corrects": first["id"]})


@ON_ONE_DATABASE
async def test_a_correction_names_an_entry_of_the_same_log(members: Caller) -> None:
    one, two = await active_circle(members), await active_circle(members)
    elsewhere = (await members.post(f"/v1/circles/{one}/decisions", DECISION))["id"]
    for unknown in (elsewhere, new_id("decision")):
        status, problem = await members.refused(f"/v1/circles/{two}/decisions", DECISION | {"corrects": unknown})
        assert (status, faults(problem)) == (422, {"/corrects": "unknown_decision"})


BAD: list[tuple[str, Json, set[str]]] = [
    ("members", {"person": "person_1", "role": "The chair", "from": "soon"}, {"/person", "/role", "/from"}),
    ("decisions", DECISION | {"decided_on": day(2)}, {"/decided_on"}),
    ("decisions", DECISION | {"present": []}, {"/present"}),
    ("decisions", DECISION | {"present": [{"role": "chair", "people": 0}]}, {"/present/0/people"}),
    ("decisions", DECISION | {"present": [{"role": "chair", "people": 1}] * 2}, {"/present"}),
    ("decisions", DECISION | {"why": "", "who": "Ada"}, {"/why", "/who"}),
]
"""What is refused, and by which pointers."""


@ON_ONE_DATABASE
async def test_bad_input_names_every_fault_and_changes_nothing(members: Caller) -> None:
    for path, body, wrong in BAD:
        circle = await active_circle(members)
        status, problem = await members.refused(f"/v1/circles/{circle}/{path}", body)
        assert status == 422
        assert faults(problem).keys() == wrong
        assert await members.every(f"/v1/circles/{circle}/{path}") == []


@ON_ONE_DATABASE
async def test_a_term_that_ends_before_it_begins_is_refused(members: Caller) -> None:
    circle, person = await active_circle(members), await members.person()
    path = f"/v1/circles/{circle}/members"
    term = {"person": person, "role": "chair", "from": day(0), "until": day(-1)}
    assert (await members.refused(path, term))[1]["errors"][0]["code"] == "ends_before_it_begins"
    made = await members.post(path, term | {"until": None})
    refused = await edit(members, f"{path}/{made['id']}", {"until": day(-1)}, method="PATCH", status=422)
    assert faults(refused) == {"/until": "ends_before_it_begins"}


@ON_ONE_DATABASE
async def test_another_movements_circle_is_unknown(members: Caller, other: Caller) -> None:
    circle, person = await active_circle(other), await other.person()
    term = (await other.post(f"/v1/circles/{circle}/members", {"person": person, "role": "x", "from": day(0)}))["id"]
    assert (await members.get("/v1/circles"))["data"] == []
    for path in ("", "/members", "/decisions"):
        assert (await members.client.get(f"/v1/circles/{circle}{path}")).status_code == 404
    assert (await members.refused(f"/v1/circles/{circle}/decisions", DECISION))[0] == 404
    for path in ("activate", "close", f"members/{term}/end"):
        assert (await edit(members, f"/v1/circles/{circle}/{path}", {}, status=404))["code"] == "not_found"
    ours = await active_circle(members)
    status, problem = await members.refused(
        f"/v1/circles/{ours}/members", {"person": person, "role": "chair", "from": day(0)}
    )
    assert (status, faults(problem)) == (422, {"/person": "unknown_person"})
