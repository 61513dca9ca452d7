"""The contact log: calls, visits and letters, and what is to follow each."""

from datetime import timedelta

from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

TODAY = clock.now().date()
SOON = (TODAY + timedelta(days=7)).isoformat()
LOG = "/v1/contact-log"


async def noted(members: Caller, kind: str = "call", *, then: str | None = None, **other: object) -> Json:
    """A contact that was written down, perhaps with a next step of that kind."""
    step = {} if then is None else {"next_step": {"what": "Ask again.", "kind": then, "due_on": SOON}}
    return await members.post(LOG, {"kind": kind, "what": "Wants to help.", **step, **other})


async def due(members: Caller) -> list[str]:
    return [row["id"] for row in (await members.get(LOG, due_by=SOON))["data"]]


async def test_a_contact_says_with_whom_by_whom_and_what_is_to_follow_until_it_did(members: Caller) -> None:
    ada, joan, hall = await members.person(), await members.person("Joan"), await members.organisation()
    called = await noted(members, person=ada, by=joan, then="visit")
    assert (called["on"], called["next_step"]["state"], await due(members)) == (str(TODAY), "open", [called["id"]])
    await noted(members, "letter", organisation=hall)
    visited = await noted(members, "visit", person=ada, follows=called["id"])
    assert (await members.get(f"{LOG}/{called['id']}"))["next_step"]["state"] == "done"
    assert [row["id"] for row in (await members.get(LOG, person=ada))["data"]] == [called["id"], visited["id"]]
    assert [row["kind"] for row in (await members.get(LOG, organisation=hall))["data"]] == ["letter"]
    assert [row["kind"] for row in (await members.get(LOG, by=joan))["data"]] == ["call"]
    told = {"contact": called["id"], "kind": "call", "person": ada}
    assert await members.published(called["id"]) == [("contact_log.contact_made", told)]
    entry = (await members.get(f"/v1/people/{ada}/timeline", kind="contact_log.contact_made"))["data"][0]
    assert entry["words"] == "Was spoken with or written to: visit."


async def test_a_contact_is_put_right_and_its_next_step_dropped_by_who_read_it(members: Caller) -> None:
    made = await noted(members, person=await members.person(), by=await members.person("Joan"), then="call")
    path, changes = f"{LOG}/{made['id']}", {"kind": "visit", "by": None, "what": "Met."}
    for tag, status in ({}, 428), ({"If-Match": '"7"'}, 412), ({"If-Match": '"1"'}, 200):
        assert (await members.client.patch(path, json=changes, headers=tag)).status_code == status
    changed = await members.get(path)
    assert {**changed, **changes, "version": 2} == changed
    for status in (200, 409):
        answered = await members.client.post(f"{path}/drop-next-step", headers={"If-Match": "*"})
        assert answered.status_code == status
    assert await due(members) == []


async def test_nobody_is_to_be_called_who_does_not_permit_it(members: Caller) -> None:
    ada = await members.person()
    called = await noted(members, person=ada, then="call")
    refused = {"purpose": "administration", "channel": "phone", "decision": "refused"}
    await members.post(f"/v1/people/{ada}/permissions", refused)
    assert await due(members) == []
    step = {"what": "Ask again.", "kind": "call", "due_on": SOON}
    body = {"person": ada, "kind": "visit", "what": "Met.", "next_step": step}
    assert (await members.refused(LOG, body))[1]["code"] == "not_permitted"
    assert len((await members.get(LOG, person=ada))["data"]) == 1
    written = await noted(members, "visit", person=ada, then="letter")
    assert await due(members) == [written["id"]] != [called["id"]]


async def test_every_fault_is_named_and_nothing_is_written(members: Caller, other: Caller) -> None:
    ada, theirs = await members.person(), await other.person()
    away = await noted(other, person=theirs)
    body = {"person": theirs, "by": theirs, "kind": "call", "what": "Hm.", "on": SOON, "follows": away["id"]}
    assert faults((await members.refused(LOG, body))[1]) == {
        "/person": "unknown_person", "/by": "unknown_person", "/on": "in_the_future", "/follows": "unknown_contact",
    }  # fmt: skip
    step = {"what": "Ask.", "kind": "call", "due_on": (TODAY - timedelta(days=1)).isoformat()}
    body = {"person": ada, "by": ada, "kind": "call", "what": "Hm.", "next_step": step}
    assert faults((await members.refused(LOG, body))[1]) == {
        "/by": "same_person", "/next_step/due_on": "before_start"
    }  # fmt: skip
    for nobody in ({}, {"person": ada, "organisation": await members.organisation()}):
        assert (await members.refused(LOG, {"kind": "call", "what": "Hm.", **nobody}))[0] == 422
    assert (await members.get(LOG))["data"] == []


async def test_another_movements_contacts_are_unknown_here(members: Caller, other: Caller) -> None:
    theirs = f"{LOG}/{(await noted(other, person=await other.person(), then='call'))['id']}"
    assert (await members.client.get(theirs)).status_code == 404
    assert (await members.client.patch(theirs, json={}, headers={"If-Match": "*"})).status_code == 404
    assert (await members.client.post(f"{theirs}/drop-next-step", headers={"If-Match": "*"})).status_code == 404


@ON_ONE_DATABASE
async def test_two_who_became_one_have_one_log_and_nobody_called_themself(members: Caller) -> None:
    ada, twin = await members.person(), await members.person()
    between = await noted(members, person=ada, by=twin)
    await members.post(f"/v1/people/{ada}/merge", {"merged": twin}, status=200)
    again = await noted(members, person=twin)
    assert again["person"] == ada
    log = (await members.get(LOG, person=twin))["data"]
    assert [(row["id"], row["by"]) for row in log] == [(between["id"], None), (again["id"], None)]
