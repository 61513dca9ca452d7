"""One "stop" works everywhere, says what it ended, and outlasts merges."""

from datetime import timedelta

from fastapi import FastAPI

from services.members.trust.permissions import domain as permissions
from services.members.trust.stops import domain, late
from services.members.trust.stops.parts import ELSEWHERE, MAILING_LISTS, PARTS
from shared import clock, metrics
from shared.db import Context
from shared.db.session import Session
from shared.ids import new_id
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community import mapped
from tests.members.life.mailing import on_a_mailing_list
from tests.members.trust.everywhere import SOON
from tests.members.trust.test_permissions import GIVEN, allowed


async def test_a_stop_ends_what_is_standing_at_once_and_proves_it(app: FastAPI, members: Caller) -> None:
    person, asker = await members.person(), await members.person("Joan")
    await members.post(f"/v1/people/{person}/permissions", GIVEN)
    asset = (await mapped.published(members, person=person))["id"]
    pledge = (await members.post("/v1/pledges", {"person": person, "text": "I will walk."}))["id"]
    await members.post(f"/v1/pledges/{pledge}/publish", {}, status=200)
    calendar = (await members.post("/v1/calendars", {"person": person}))["id"]
    ask = {"person": person, "what": "Lead.", "asker": asker, "due_on": SOON}
    await members.post("/v1/ladder/asks", ask)
    step = {"what": "Ask again.", "kind": "call", "due_on": SOON}
    await members.post("/v1/contact-log", {"person": person, "kind": "visit", "what": "Met.", "next_step": step})
    await on_a_mailing_list(members, person)
    stop = await members.post(f"/v1/people/{person}/stops")
    ended = {receipt["part"]: receipt["ended"] for receipt in stop["receipts"]}
    assert ended == {"permissions": 2} | dict.fromkeys(PARTS, 1) | dict.fromkeys((*ELSEWHERE, MAILING_LISTS))
    waits = {receipt["part"] for receipt in stop["receipts"] if receipt["obeyed_at"] is None}
    assert waits == {*ELSEWHERE, MAILING_LISTS}
    assert (await members.get(f"/v1/people/{person}/stops"))["data"] == [stop]
    assert await members.get(f"/v1/people/{person}/stops/{stop['id']}") == stop
    assert not await allowed(app, members.movement, person)
    assert (await members.get(f"/v1/assets/{asset}"))["state"] == "draft"
    assert (await members.get(f"/v1/pledges/{pledge}"))["published"] is None
    (feed,) = (await members.get("/v1/calendars"))["data"]
    assert (feed["id"], feed["revoked_at"] is None) == (calendar, False)
    assert (await members.get("/v1/ladder/asks", state="open"))["data"] == []
    told = [kind for kind, _ in await members.published(person)]
    assert told.count("permission.ended") == 2
    assert "person.stopped" in told


async def test_a_stop_is_always_taken_and_only_what_is_said_since_is_allowed(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    await members.post(f"/v1/people/{person}/stops")
    stop = (await members.post(f"/v1/people/{person}/stops"))["id"]
    status, problem = await members.refused(f"/v1/people/{person}/permissions", GIVEN)
    assert (status, problem["code"], problem["withdrawal"]) == (409, "withdrawn", stop)
    await members.post(f"/v1/people/{person}/permissions", GIVEN | {"takes_back": stop})
    assert await allowed(app, members.movement, person)
    assert not await allowed(app, members.movement, person, channel="sms")


async def test_the_stop_of_either_holds_when_two_become_one_and_when_they_part(app: FastAPI, members: Caller) -> None:
    quiet, open_ = await members.person("Ada"), await members.person("Ada")
    await members.post(f"/v1/people/{quiet}/stops")
    await members.post(f"/v1/people/{open_}/permissions", GIVEN)
    await members.post(f"/v1/people/{open_}/merge", {"merged": quiet}, status=200)
    assert not await allowed(app, members.movement, open_)
    await members.post(f"/v1/people/{open_}/stops")
    await members.post(f"/v1/people/{quiet}/unmerge", status=200)
    assert [len((await members.get(f"/v1/people/{one}/stops"))["data"]) for one in (quiet, open_)] == [2, 1]


@ON_ONE_DATABASE
async def test_what_the_law_or_a_contract_asks_for_goes_on(app: FastAPI, members: Caller) -> None:
    person = await members.person()
    await members.post(f"/v1/people/{person}/stops")

    def asked(session: Session) -> list[bool]:
        uses = (("gatherings", "email"), ("gatherings", "sharing"), ("safety", "phone"), ("administration", "record"))
        at = clock.now()
        return [permissions.permitted(session, members.movement, person, purpose, over, at) for purpose, over in uses]

    assert await app.state.parts.db.read(asked) == [True, False, True, True]


async def test_each_part_elsewhere_obeys_within_the_hour_or_raises_the_alarm_once(
    app: FastAPI, members: Caller
) -> None:
    obeyed, ignored = await members.person(), await members.person("Grace")
    stops = {person: (await members.post(f"/v1/people/{person}/stops"))["id"] for person in (obeyed, ignored)}
    said_at = clock.now()
    parts, on_behalf = app.state.parts, app.state.parts.db.on_behalf(Context(members.movement, "service:gateway"))
    with clock.frozen(said_at + timedelta(minutes=59)):
        for part in ELSEWHERE:
            await on_behalf.write(domain.obeyed, members.movement, stops[obeyed], part, 3)
        await late.look(parts)
    assert await overdue(members) == []
    with clock.frozen(said_at + timedelta(minutes=61)):
        await late.look(parts)
        await late.look(parts)
    assert await overdue(members) == [(ignored, stops[ignored], part) for part in ELSEWHERE]
    assert b'backbone_late_stops{service="members"}' in metrics.exposition()
    for receipt in (await members.get(f"/v1/people/{obeyed}/stops/{stops[obeyed]}"))["receipts"]:
        assert receipt["obeyed_at"] <= receipt["due_at"], "within the hour"
    for part in ELSEWHERE:
        await on_behalf.write(domain.obeyed, members.movement, stops[ignored], part, 0)
    with clock.frozen(said_at + timedelta(minutes=62)):
        await late.look(parts)
    assert len(await overdue(members)) == len(ELSEWHERE)


async def overdue(members: Caller) -> list[tuple[str, str, str]]:
    """What was announced of parts that are late."""
    told = [payload for kind, payload in await members.published() if kind == "stop.overdue"]
    return [(payload["person"], payload["stop"], payload["part"]) for payload in told]


@ON_ONE_DATABASE
async def test_nobody_unknown_says_stop(members: Caller, other: Caller) -> None:
    for person in (new_id("person"), await other.person()):
        assert (await members.refused(f"/v1/people/{person}/stops"))[0] == 404
        assert (await members.client.get(f"/v1/people/{person}/stops")).status_code == 404
