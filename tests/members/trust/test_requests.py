"""Requests by right: taken down, due by a day, verified, put off, answered or refused, and by whose authority."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.members.trust.requests import overdue
from services.members.trust.requests.periods import Wait, due
from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

REQUESTS = "/v1/requests"
MAY = datetime(2026, 5, 12, 9, tzinfo=UTC)
RUTH = {"name": "Ruth, her daughter"}


async def asked(members: Caller, kind: str = "access", **about: object) -> Json:
    """A request of somebody about themself, which came by letter today."""
    person = about.pop("person", None) or await members.person()
    return await members.post(REQUESTS, {"kind": kind, "how": "letter", "person": person, **about})


async def then(members: Caller, request: Json, step: str, **body: object) -> Json:
    """The request after a step."""
    status = 201 if step == "waits" else 200
    return await members.post(f"{REQUESTS}/{request['id']}/{step}", body, status=status)


@pytest.mark.parametrize(
    ("begins_on", "months", "due_on"),
    [
        ("2026-09-03", 1, "2026-10-05"),  # the third is a Saturday
        ("2026-01-31", 1, "2026-03-02"),  # February has no such date, and its last day is a Saturday
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 3, "2027-03-01"),
    ],
)
def test_a_month_ends_on_the_same_date_or_the_last_day_and_never_on_a_weekend(
    begins_on: str, months: int, due_on: str
) -> None:
    assert due(date.fromisoformat(begins_on), months) == date.fromisoformat(due_on)


def test_days_that_were_spent_clarifying_are_added_once() -> None:
    first, second = Wait(date(2026, 5, 11), date(2026, 5, 14)), Wait(date(2026, 5, 13), date(2026, 5, 15))
    assert due(date(2026, 5, 4), 1, [first, second]) == date(2026, 6, 8)


async def test_a_request_is_due_a_calendar_month_after_it_came(members: Caller) -> None:
    with clock.frozen(MAY):
        request = await asked(members, received_on="2026-05-05", words="Everything you have on me.")
        assert (request["state"], request["due_on"], request["overdue"]) == ("received", "2026-06-05", False)
        assert await members.get(f"{REQUESTS}/{request['id']}") == request
    assert (await members.published(request["id"])) == [
        ("request.received", {"request": request["id"], "kind": "access", "person": request["person"]})
    ]


async def test_what_is_overdue_is_listed_shown_and_announced_once(members: Caller) -> None:
    with clock.frozen(MAY) as stopped:
        late = await asked(members)
        stopped.advance(timedelta(days=20))
        later = await asked(members)
        stopped.advance(timedelta(days=20))
        assert [row["id"] for row in await members.every(REQUESTS, due_by="2026-06-20")] == [late["id"]]
        for _ in range(2):
            await overdue.look(members.app.state.parts)
        shown = [(row["id"], row["overdue"]) for row in await members.every(REQUESTS, open="true")]
        assert shown == [(late["id"], True), (later["id"], False)]
        assert [told for told, _ in await members.published(late["id"])] == ["request.received", "request.overdue"]
        await then(members, late, "withdraw")
        assert await members.every(REQUESTS, due_by="2026-06-20") == []


async def test_a_proof_begins_the_period_and_clarifying_makes_it_stand_still(members: Caller) -> None:
    with clock.frozen(MAY) as stopped:
        request = await asked(members, received_on="2026-05-04")
        await then(members, request, "waits", reason="proof", words="Who are you?", asked_on="2026-05-05")
        again = {"reason": "proof", "words": "Who?"}
        assert (await members.refused(f"{REQUESTS}/{request['id']}/waits", again))[1]["code"] == "already_waiting"
        request = await then(members, request, "waits/answer", reason="proof", answered_on="2026-05-11")
        assert request["due_on"] == "2026-06-11"
        await then(members, request, "waits", reason="clarification", words="Which meeting?")
        stopped.advance(timedelta(days=5))
        request = await then(members, request, "waits/answer", reason="clarification")
        assert (request["due_on"], len(request["waits"])) == ("2026-06-16", 2)
        status, problem = await members.refused(f"{REQUESTS}/{request['id']}/waits/answer", {"reason": "proof"})
        assert (status, problem["code"]) == (409, "not_waiting")


async def test_an_answer_is_put_off_once_and_told_in_time(members: Caller) -> None:
    why = {"reason": "complex", "words": "Nine care homes have to be asked."}
    with clock.frozen(MAY) as stopped:
        request, late = await asked(members), await asked(members)
        put_off = await then(members, request, "extend", **why)
        assert (put_off["first_due_on"], put_off["due_on"]) == ("2026-06-12", "2026-08-12")
        assert put_off["extension"] == {**why, "told_on": "2026-05-12"}
        assert (await members.refused(f"{REQUESTS}/{request['id']}/extend", why))[1]["code"] == "already_extended"
        stopped.advance(timedelta(days=40))
        status, problem = await members.refused(f"{REQUESTS}/{late['id']}/extend", why)
        assert (status, problem["code"], problem["due_on"]) == (409, "too_late_to_extend", "2026-06-12")


async def test_a_complaint_is_acknowledged_by_a_day(members: Caller) -> None:
    with clock.frozen(MAY):
        complaint = await asked(members, "complain")
        assert complaint["acknowledge_by"] == "2026-06-11"
        assert (await then(members, complaint, "acknowledge"))["acknowledged_on"] == "2026-05-12"


async def test_nothing_is_done_before_it_is_known_who_asks(members: Caller) -> None:
    request = await members.post(REQUESTS, {"kind": "rectify", "how": "phone", "asked_by": "A Mrs Okafor"})
    path = f"{REQUESTS}/{request['id']}"
    status, problem = await members.refused(f"{path}/complete", {"done": "Corrected the name."})
    assert (status, problem["code"]) == (409, "not_verified")
    status, problem = await members.refused(f"{path}/verify", {"identified": "known_to_us"})
    assert (status, faults(problem)) == (422, {"/person": "person_missing"})
    person = await members.person()
    verified = await then(members, request, "verify", identified="known_to_us", person=person)
    assert (verified["state"], verified["person"]) == ("verified", person)
    done = await then(members, request, "complete", done="Corrected the name.")
    assert (done["state"], done["answer"]["words"]) == ("completed", "Corrected the name.")
    assert [told for told, _ in await members.published(request["id"])] == [
        "request.received", "request.verified", "request.closed",
    ]  # fmt: skip


async def test_what_is_done_in_part_and_what_is_refused_says_why(members: Caller) -> None:
    part, refused = await asked(members), await asked(members)
    await then(members, part, "verify", identified="document_seen")
    part = await then(members, part, "complete", done="All but the reference.", held_for="exempt")
    assert (part["state"], part["answer"]["refused_for"]) == ("partly_completed", "exempt")
    refused = await then(members, refused, "refuse", ground="excessive", why="The same was sent last week.")
    assert (refused["state"], refused["answer"]["words"]) == ("refused", "The same was sent last week.")
    for step, body in (("refuse", {"ground": "exempt", "why": "No."}), ("withdraw", {})):
        assert (await members.refused(f"{REQUESTS}/{part['id']}/{step}", body))[1]["code"] == "illegal_transition"


async def test_a_request_for_somebody_else_without_authority_is_refused_explained_and_recorded(members: Caller) -> None:
    request = await asked(members, on_behalf={**RUTH, "authority": "none"})
    assert (request["state"], request["answer"]["refused_for"]) == ("refused", "no_authority")
    assert "written authority" in request["answer"]["words"]
    assert [row["id"] for row in await members.every(REQUESTS, state="refused")] == [request["id"]]
    assert (await members.published(request["id"]))[-1][1]["refused_for"] == "no_authority"


async def test_nobody_has_parental_responsibility_for_an_adult(members: Caller) -> None:
    mother = {"name": "Her mother", "authority": "parental_responsibility", "evidence": "birth certificate"}
    child, adult = await members.person(age_band="13_to_15"), await members.person(age_band="adult")
    assert (await asked(members, person=child, on_behalf=mother))["state"] == "received"
    unknown = await members.post(REQUESTS, {"kind": "access", "how": "email", "asked_by": "Her", "on_behalf": mother})
    request = await then(members, unknown, "verify", identified="document_seen", person=adult)
    assert (request["state"], request["verified"]) == ("refused", None)
    assert "decides for themself" in request["answer"]["words"]


@ON_ONE_DATABASE
@pytest.mark.parametrize(("jurisdiction", "state"), [("scotland", "refused"), ("england", "received")])
async def test_a_child_old_enough_to_decide_where_they_are_asks_themself(
    members: Caller, jurisdiction: str, state: str
) -> None:
    record = await members.child_record(programme=await members.naming_programme(jurisdiction))
    kim = {"given_name": "Kim", "age_band": "13_to_15"}
    provenance = {"source": "paper_form", "basis": "consent"}
    child = (await members.post("/v1/people", {"person": kim, "provenance": provenance, "child": record}))["id"]
    mother = {"name": "Her mother", "authority": "parental_responsibility", "evidence": "birth certificate"}
    assert (await asked(members, person=child, on_behalf=mother))["state"] == state


async def test_authority_is_proved_before_it_counts(members: Caller) -> None:
    request = await asked(members, on_behalf={**RUTH, "authority": "attorney_or_deputy"})
    body = {"identified": "document_seen"}
    status, problem = await members.refused(f"{REQUESTS}/{request['id']}/verify", body)
    assert (status, faults(problem)) == (422, {"/evidence": "evidence_missing"})
    request = await then(members, request, "verify", **body, evidence="power registered in March, seen")
    assert (request["state"], request["on_behalf"]["evidence"]) == ("verified", "power registered in March, seen")


async def test_what_was_taken_down_wrongly_is_corrected_while_it_is_open(members: Caller) -> None:
    with clock.frozen(MAY):
        request = await asked(members, "complain")
        path, tag = f"{REQUESTS}/{request['id']}", {"If-Match": '"1"'}
        changed = await members.client.patch(path, json={"received_on": "2026-04-30"}, headers=tag)
        assert (changed.json()["due_on"], changed.json()["acknowledge_by"]) == ("2026-06-01", "2026-05-30")
        assert (await members.client.patch(path, json={}, headers=tag)).status_code == 412
        await then(members, request, "withdraw")
        over = await members.client.patch(path, json={"words": "Stop."}, headers={"If-Match": "*"})
        assert (over.status_code, over.json()["code"]) == (409, "already_answered")


async def test_a_request_follows_whoever_turns_out_to_be_somebody_else(members: Caller) -> None:
    twin, person = await members.person("Ada"), await members.person("Ada")
    request = await asked(members, person=twin)
    await members.post(f"/v1/people/{person}/merge", {"merged": twin}, status=200)
    assert (await members.get(f"{REQUESTS}/{request['id']}"))["person"] == person
    assert [row["id"] for row in await members.every(REQUESTS, person=twin)] == [request["id"]]


async def test_faults_name_their_place(members: Caller, other: Caller) -> None:
    tomorrow = (clock.now().date() + timedelta(days=2)).isoformat()
    body = {"kind": "access", "how": "email", "person": await other.person(), "received_on": tomorrow}
    status, problem = await members.refused(REQUESTS, body)
    assert (status, faults(problem)) == (422, {"/person": "unknown_person", "/received_on": "in_the_future"})
    request = await asked(members)
    early = {"ground": "exempt", "why": "No.", "told_on": "2020-01-01"}
    status, problem = await members.refused(f"{REQUESTS}/{request['id']}/refuse", early)
    assert faults(problem) == {"/told_on": "before_received"}
    status, problem = await members.refused(REQUESTS, {"kind": "access", "how": "email"})
    assert (status, faults(problem)) == (422, {"": "nobody_asks"})


@ON_ONE_DATABASE
async def test_a_request_of_another_movement_is_unknown_here(members: Caller, other: Caller) -> None:
    request = await asked(other)
    assert await members.every(REQUESTS) == []
    assert (await members.client.get(f"{REQUESTS}/{request['id']}")).status_code == 404
    for step, body in (
        ("verify", {"identified": "known_to_us"}), ("withdraw", {}), ("complete", {"done": "All."}),
        ("refuse", {"ground": "exempt", "why": "No."}), ("waits", {"reason": "proof", "words": "Who?"}),
        ("extend", {"reason": "complex", "words": "Much."}), ("acknowledge", {}),
    ):  # fmt: skip
        assert (await members.refused(f"{REQUESTS}/{request['id']}/{step}", body))[0] == 404
    assert (await members.refused(f"{REQUESTS}/{new_id('request')}", method="GET"))[0] == 404
