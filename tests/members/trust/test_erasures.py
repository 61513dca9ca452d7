"""Erasing somebody: asked for, verified, begun; what goes, what stays without them, what is held, who is refused."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from services.members.trust.erasures import domain
from services.members.trust.erasures.models import Refused
from shared import clock
from shared.db import Context
from shared.testing.caller import Json, faults
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community import cases
from tests.members.engagement.gatherings.steps import edit, published
from tests.members.trust.erasing import admitted, asked, begun, ended, erased, verified

TODAY = clock.now().date()
PLEDGE: Json = {"person": "", "text": "I bring the kettle"}


async def test_everything_of_somebody_goes_and_what_is_others_stays_without_them(members: Caller, user: Caller) -> None:
    person = await members.person("Zeb", family_name="Quill", emails=[{"address": "zeb@example.org"}])
    friend = await members.person("Wendy", access_needs="comes with Zeb Quill, zeb@example.org")
    await members.did(friend, date(2026, 5, 1), counterpart=person)
    await members.did(person, date(2026, 5, 1))
    shown = await erased(user, person)
    assert (shown["state"], shown["held"]) == ("completed", [])
    assert shown["backups_lapse_on"] == (TODAY + timedelta(days=35)).isoformat()
    assert {receipt["service"] for receipt in shown["receipts"]} == {"gateway", "grants", "measures", "members"}
    assert (await members.client.get(f"/v1/people/{person}")).status_code == 404
    (activity,) = (await members.get("/v1/activities", person=friend))["data"]
    assert (activity["counterpart"], activity["person"]) == (None, friend)
    assert (await members.get(f"/v1/people/{friend}"))["access_needs"] == "comes with [erased], [erased]"
    assert (await members.get("/v1/people", q="quill"))["data"] == []


async def test_it_covers_every_record_behind_a_merged_person(members: Caller, user: Caller) -> None:
    person = await members.person("Zeb", family_name="Quill")
    other = await members.person("Zebedee", family_name="Quillfeather", emails=[{"address": "z@example.org"}])
    friend = await members.person("Wendy", access_needs="knows Zebedee Quillfeather (z@example.org) and Zeb Quill")
    await members.post(f"/v1/people/{person}/merge", {"merged": other}, status=200)
    await erased(user, other)
    for one in (person, other):
        assert (await members.client.get(f"/v1/people/{one}")).status_code == 404
    said = (await members.get(f"/v1/people/{friend}"))["access_needs"]
    assert said == "knows [erased] ([erased]) and [erased]"


async def test_sealed_words_of_others_are_without_them_and_still_sealed(members: Caller, user: Caller) -> None:
    person = await members.person("Zeb", family_name="Quill", phones=[{"number": "07700 900421"}])
    case, (gathering, slot) = await cases.opened(members), await published(members)
    await members.post(f"{case.path}/conversations", {"words": "Only ever Zeb Quill comes."})
    happened = {"gathering": gathering, "kind": "near_miss", "happened_at": "2026-01-01T12:00:00Z", "what": "A door."}
    incident = (await members.post("/v1/incidents", happened))["id"]
    await members.post(f"/v1/incidents/{incident}/follow-ups", {"what": "Zeb Quill was asked."})
    contacts = f"/v1/gatherings/{gathering}/emergency-contacts"
    for name, phone in (("Zeb Quill", "07700 900421"), ("Ruth Okafor", "07700 900422")):
        call = {"name": name, "phone": phone}
        await members.post(contacts, {"slot": slot, "person": case.client, "contact": call})
    await erased(user, person)
    (said,) = (await members.get(f"{case.path}/conversations"))["data"]
    assert said["words"] == "Only ever [erased] comes."
    (followed,) = (await members.get(f"/v1/incidents/{incident}"))["follow_ups"]
    assert followed["what"] == "[erased] was asked."
    assert [each["contact"]["name"] for each in (await members.get(contacts))["data"]] == ["Ruth Okafor"]


async def test_what_is_held_says_why_and_until_when_and_goes_then(
    app: FastAPI, members: Caller, user: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await members.person("Zeb", family_name="Quill")
    pledge = await members.post("/v1/pledges", PLEDGE | {"person": person})
    hold = {"kind": "pledges", "reason": "legal_claim", "until": TODAY.isoformat()}
    shown = await erased(user, person, hold)
    assert shown["state"] == "partly_held"
    assert shown["held"] == [hold | {"records": 1}]
    assert (await members.get(f"/v1/pledges/{pledge['id']}"))["text"] == PLEDGE["text"]
    assert (await members.client.get(f"/v1/people/{person}")).status_code == 404
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr("shared.clock.now", lambda: later)
    await eventually(lambda: _is_completed(user, shown["id"]), within=20)
    assert (await members.client.get(f"/v1/pledges/{pledge['id']}")).status_code == 404


async def _is_completed(user: Caller, erasure: str) -> bool:
    shown = await user.get(f"/v1/erasures/{erasure}")
    return bool(shown["state"] == "completed" and not shown["held"])


@pytest.mark.parametrize(
    ("hold", "code"),
    [
        ({"kind": "person_emails", "until": TODAY.isoformat()}, "not_to_be_held"),
        ({"kind": "no_such_table", "until": TODAY.isoformat()}, "not_to_be_held"),
        ({"kind": "memberships", "until": "2020-01-01"}, "in_the_past"),
    ],
)
@ON_ONE_DATABASE
async def test_what_cannot_be_held_is_refused_and_nothing_begins(user: Caller, hold: Json, code: str) -> None:
    erasure = await verified(user, await user.person("Zeb", emails=[{"address": "z@example.org"}]))
    body = {"holds": [hold | {"reason": "legal_claim"}]}
    problem = await edit(user, f"/v1/erasures/{erasure}/start", body, status=422)
    assert code in faults(problem).values()
    assert (await user.get(f"/v1/erasures/{erasure}"))["state"] == "verified"


@ON_ONE_DATABASE
async def test_nothing_is_erased_before_it_is_verified_or_for_a_key(members: Caller, user: Caller) -> None:
    person = await members.person("Zeb")
    erasure = await asked(members, person)
    problem = await edit(user, f"/v1/erasures/{erasure}/start", {}, status=409)
    assert problem["state"] == "requested"
    await edit(members, f"/v1/erasures/{erasure}/verification", {"how": "known_to_us"}, status=403)
    status, problem = await members.refused("/v1/erasures", {"person": person})
    assert (status, problem["code"], problem["erasure"]) == (409, "erasure_under_way", erasure)


@ON_ONE_DATABASE
async def test_whoever_holds_relationships_hands_them_over_first(members: Caller, user: Caller) -> None:
    holder, friend = await members.person("Zeb"), await members.person("Wendy")
    await members.post("/v1/stewardships", {"holder": holder, "about": friend, "why": "They are neighbours"})
    erasure = await verified(user, holder)
    problem = await edit(user, f"/v1/erasures/{erasure}/start", {}, status=409)
    assert (problem["code"], problem["relationships"]) == ("holds_relationships", 1)


async def test_an_objection_of_the_gateway_leaves_everything_as_it_was(
    app: FastAPI, members: Caller, user: Caller
) -> None:
    person = await members.person("Zeb")
    erasure = await begun(user, person)
    db = app.state.parts.db.on_behalf(Context(user.movement, "service:gateway"))
    await db.write(domain.object_to, user.movement, erasure, Refused.LAST_ADMIN)
    shown = await user.get(f"/v1/erasures/{erasure}")
    assert (shown["state"], shown["refused_because"]) == ("refused", "last_admin")
    assert (await members.get(f"/v1/people/{person}"))["given_name"] == "Zeb"
    ends = [payload for type_, payload in await members.published(erasure) if type_ == "erasure.ended"]
    assert [payload["outcome"] for payload in ends] == ["refused"]


async def test_another_service_is_told_what_to_look_for_only_while_it_is_needed(members: Caller, user: Caller) -> None:
    person = await members.person("Zeb", family_name="Quill", phones=[{"number": "07700 900421"}])
    erasure = await begun(user, person, also=["Old Zeb"])
    marks = f"/internal/erasures/{erasure}/marks"
    assert (await members.client.get(marks)).status_code == 409
    db = user.app.state.parts.db.on_behalf(Context(user.movement, "service:gateway"))
    await db.write(domain.admit, user.movement, erasure)
    told = await members.get(marks)
    assert (told["people"], told["phones"], told["words"]) == ([person], ["07700 900421"], ["Quill"])
    assert {"Zeb Quill", "Quill Zeb", "Old Zeb"} <= set(told["phrases"])
    await admitted(user, erasure)
    await ended(user, erasure)
    assert (await members.client.get(marks)).status_code == 409


@ON_ONE_DATABASE
async def test_a_preview_counts_what_goes_and_what_stays_without_them(members: Caller, user: Caller) -> None:
    person, friend = await members.person("Zeb"), await members.person("Wendy")
    await members.did(person, date(2026, 5, 1), date(2026, 5, 2))
    await members.did(friend, date(2026, 5, 1), counterpart=person)
    seen = await user.get(f"/v1/erasures/{await asked(user, person)}/preview")
    counts = {record["kind"]: (record["erased"], record["emptied"]) for record in seen["records"]}
    assert (seen["ids"], counts["activities"], counts["people"]) == ([person], (2, 1), (1, 0))


@ON_ONE_DATABASE
async def test_another_movements_erasures_are_unknown_here(members: Caller, user: Caller, other: Caller) -> None:
    erasure = await asked(members, await members.person("Zeb"))
    assert (await other.get("/v1/erasures"))["data"] == []
    for path in (f"/v1/erasures/{erasure}", f"/v1/erasures/{erasure}/preview", f"/internal/erasures/{erasure}/marks"):
        assert (await other.client.get(path)).status_code == 404, path
    status, problem = await other.refused("/v1/erasures", {"person": await members.person("Zed")})
    assert (status, faults(problem)) == (422, {"/person": "unknown_person"})
