"""Safety in proportion: leaders, a page of risks, contacts that are sealed and forgotten, incidents apart, pictures."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.members.engagement.gatherings.safety.forgetting import forget
from services.members.engagement.gatherings.safety.models import EmergencyContact, Incident
from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import edit, published

BROTHER: Json = {"name": "Zebulon Quince", "phone": "01594 555 010", "relation": "brother"}


@ON_ONE_DATABASE
async def test_a_plan_says_who_leads_and_who_steps_in(members: Caller) -> None:
    gathering, _ = await published(members)
    path, leader = f"/v1/gatherings/{gathering}/safety", await members.person()
    assert (await members.client.get(path)).headers["etag"] == '"0"'
    said = await edit(members, path, {"leader": leader, "risk_note": "Ice."}, method="PATCH", tag='"0"')
    assert (said["leader"], said["deputy"], said["risk_note"], said["version"]) == (leader, None, "Ice.", 1)
    same = await edit(members, path, {"deputy": leader}, method="PATCH", status=422)
    assert faults(same) == {"/deputy": "own_deputy"}
    unknown = await edit(members, path, {"leader": new_id("person")}, method="PATCH", status=422)
    assert faults(unknown) == {"/leader": "unknown_person"}
    await edit(members, path, {"risk_note": None}, method="PATCH", tag='"0"', status=412)
    assert (await members.get(path)) == said


async def test_emergency_contacts_are_sealed_and_deleted_once_the_slot_is_over(app: FastAPI, members: Caller) -> None:
    (gathering, slot), person = await published(members), await members.person()
    path = f"/v1/gatherings/{gathering}/emergency-contacts"
    made = await members.post(path, {"slot": slot, "person": person, "contact": BROTHER})
    assert made["contact"] == BROTHER
    assert (await members.get(path))["data"] == [made]

    def stored(session: Session) -> list[bytes]:
        return list(session.scalars(sa.select(EmergencyContact.sealed)))

    (sealed,) = await app.state.parts.db.read(stored)
    assert b"Quince" not in sealed
    ends_at = datetime.fromisoformat((await members.get(f"/v1/gatherings/{gathering}/slots/{slot}"))["ends_at"])
    kept = timedelta(hours=app.state.parts.settings.emergency_contact_hours)
    for at, left in ((ends_at + kept - timedelta(minutes=1), 1), (ends_at + kept + timedelta(minutes=1), 0)):
        with clock.frozen(at):
            await forget(app.state.parts)
        assert len(await app.state.parts.db.read(stored)) == left
    assert (await members.get(path))["data"] == []


async def test_incidents_are_apart_followed_up_and_closed_and_no_event_tells_of_them(
    app: FastAPI, vouching: Secrets, members: Caller
) -> None:
    gathering, _ = await published(members)
    before = await members.published()
    happened = {
        "gathering": gathering,
        "kind": "near_miss",
        "happened_at": "2026-01-01T12:00:00Z",
        "what": "He slipped.",
    }
    reported = await members.post("/v1/incidents", happened)
    path = f"/v1/incidents/{reported['id']}"
    followed = await members.post(f"{path}/follow-ups", {"what": "Gritted the path."})
    assert [step["what"] for step in followed["follow_ups"]] == ["Gritted the path."]
    assert [row["id"] for row in await members.every("/v1/incidents", open="true")] == [reported["id"]]
    closed = await edit(members, f"{path}/close", tag='"2"')
    assert (closed["version"], closed["closed_at"] is None, closed["what"]) == (3, False, "He slipped.")
    assert await members.every("/v1/incidents", open="true") == []
    assert (await members.refused(f"{path}/follow-ups", {"what": "More."}))[1]["code"] == "incident_closed"
    assert await members.published() == before

    def sealed(session: Session) -> list[bytes]:
        return list(session.scalars(sa.select(Incident.sealed)))

    assert b"slipped" not in (await app.state.parts.db.read(sealed))[0]
    async with Caller(app, vouching, members.movement, frozenset({"gatherings:*", "safety:*"})) as leader:
        assert (await leader.refused(path, method="GET"))[0] == 403


@ON_ONE_DATABASE
async def test_an_incident_lies_behind_us_at_a_gathering_of_ours(members: Caller) -> None:
    gathering, _ = await published(members)
    for gathering_, at, pointer in (
        (new_id("gathering"), clock.now(), "/gathering"),
        (gathering, clock.now() + timedelta(days=1), "/happened_at"),
    ):
        body = {"gathering": gathering_, "kind": "incident", "happened_at": at.isoformat(), "what": "A fall."}
        status, problem = await members.refused("/v1/incidents", body)
        assert (status, set(faults(problem))) == (422, {pointer})


async def test_the_last_word_about_pictures_holds_use_by_use(members: Caller) -> None:
    (gathering, _), person = await published(members), await members.person()
    path = f"/v1/gatherings/{gathering}/picture-permissions"
    await members.post(path, {"person": person, "uses": ["website", "press"], "allowed": True})
    await members.post(path, {"person": person, "uses": ["press"], "allowed": False})
    held = {row["use"]: row["allowed"] for row in (await members.get(path))["data"]}
    assert held == {"website": True, "press": False}


@ON_ONE_DATABASE
async def test_for_a_child_who_has_parental_responsibility_says_yes(members: Caller) -> None:
    (gathering, _), child = await published(members), await members.person("Sam", age_band="13_to_15")
    path = f"/v1/gatherings/{gathering}/picture-permissions"
    asked: Json = {"person": child, "uses": ["website"], "allowed": True}
    status, problem = await members.refused(path, asked)
    assert (status, faults(problem)) == (422, {"/authority": "parental_responsibility_needed"})
    await members.post(path, asked | {"allowed": False})
    await members.post(path, asked | {"authority": "parental_responsibility"})
