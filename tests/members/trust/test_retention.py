"""Retention: the schedule, what a rule would do, what it does, what is held back, and that no table is missed."""

from datetime import date, timedelta

import msgspec
import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Response
from sqlalchemy.orm import Session

import services.members.app  # noqa: F401 - it brings every table
from services.members.directory.merging import references
from services.members.erasing import GoesWith
from services.members.trust.erasures import fates
from services.members.trust.retention import runs
from services.members.trust.retention.carrying_out import look
from services.members.trust.retention.due import cut_off
from services.members.trust.retention.kinds import Action
from services.members.trust.retention.models import RunUnderWay
from services.members.trust.retention.schedule import SCHEDULE
from shared import clock
from shared.db import Context
from shared.in_process import register, unregister
from shared.retention import Kept
from shared.testing.caller import Json, faults
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import book
from tests.members.engagement.gatherings.steps import published as gathering_of
from tests.members.trust.retaining import A_YEAR, LONG_AGO, RETENTION, TODAY, applied, over, settled


def test_every_table_that_tells_of_people_is_in_exactly_one_kind() -> None:
    telling = {table.name for table in references.tables() if references.naming(table.name, fates.PEOPLE)}
    telling |= {fates.PEOPLE, *(said.table.name for said in fates.of_kind(GoesWith))}
    for table in references.tables():  # what is referred to comes before what refers to it
        if any(each.held_to and each.parent in telling for each in references.references_from(table.name)):
            telling.add(table.name)
    listed = [table for kind in SCHEDULE.values() for table in kind.tables]
    assert len(listed) == len(set(listed))
    missing = telling - set(listed)
    assert not missing, f"say how long these are kept, in services/members/trust/retention/schedule/: {missing}"


def test_every_rule_can_be_carried_out() -> None:
    for kind in SCHEDULE.values():
        columns = references.table(kind.table).c
        assert (kind.standard is None) == (kind.because is not None)
        assert kind.standard is None or (kind.standard.after in kind.after and kind.standard.action in kind.may)
        for after in kind.after.values():
            assert after.column in columns
            assert after.among is None or after.among[0] in columns
        assert Action.EMPTY not in kind.may or any(said.table is columns[0].table for said in fates.said())
        if Action.DELETE in kind.may:
            for table in kind.tables[1:]:
                outside = {each.child for each in references.references_to(table) if each.held_to} - {*kind.tables}
                assert not outside, f"a row of {outside} would lead to nothing"


async def test_a_rule_deletes_what_is_due_and_leaves_a_receipt_that_names_nobody(members: Caller, user: Caller) -> None:
    person = await members.person("Zeb")
    await members.did(person, LONG_AGO, LONG_AGO - timedelta(days=3), TODAY)
    old = [row for row in await members.every("/v1/activities") if row["on"] != TODAY.isoformat()]
    await members.post(f"/v1/activities/{old[0]['id']}/void", {"reason": "It rained."}, status=None)
    await settled(user, "activities", **A_YEAR)
    seen = await user.get(f"{RETENTION}/activities/preview")
    assert (seen["records"], seen["held"], seen["oldest"]) == (2, {}, (LONG_AGO - timedelta(days=3)).isoformat())
    assert sorted(seen["sample"]) == sorted(row["id"] for row in old)
    run = await applied(user, "activities")
    assert (run["state"], run["records"], run["rule_version"], run["source"]) == ("done", 2, 1, "our board")
    assert [row["on"] for row in await members.every("/v1/activities")] == [TODAY.isoformat()]
    assert person not in str(run)
    (told,) = await members.published(run["id"])
    expected = {"run": run["id"], "kind": "activities", "action": "delete", "records": 2, "became": "done"}
    assert told == ("retention.applied", expected)
    assert [row["id"] for row in await user.every(f"{RETENTION}/runs")] == [run["id"]]


async def test_figures_stay_when_nobody_stands_in_for_each_person(members: Caller, user: Caller) -> None:
    zeb, wendy = await members.person("Zeb"), await members.person("Wendy")
    await members.did(zeb, LONG_AGO, LONG_AGO - timedelta(days=1), counterpart=wendy)
    await members.did(wendy, LONG_AGO)
    await settled(user, "activities", **A_YEAR | {"action": "pseudonymise"})
    assert (await applied(user, "activities"))["records"] == 3
    rows = await members.every("/v1/activities")
    ((of_zeb,), (of_wendy,)) = (
        {row["person"] for row in rows if row["counterpart"]},
        {row["person"] for row in rows if row["counterpart"] is None},
    )
    assert {row["counterpart"] for row in rows} == {of_wendy, None}
    assert len({zeb, wendy, of_zeb, of_wendy}) == 4
    assert (await members.client.get(f"/v1/people/{of_zeb}")).status_code == 404
    assert (await user.get(f"{RETENTION}/activities/preview"))["records"] == 0
    assert await members.app.state.parts.db.read(lambda session: session.scalar(_STAND_INS)) == 0


_STAND_INS = sa.text("SELECT count(*) FROM retention_stand_ins")


async def test_who_came_goes_on_counting_without_a_name(members: Caller, user: Caller) -> None:
    person, (gathering, slot) = await members.person("Zeb"), await gathering_of(members)
    await book(members, gathering, slot, person)
    with clock.frozen(clock.now() + timedelta(days=1, hours=2)):
        await members.post(f"/v1/gatherings/{gathering}/attendances", {"slot": slot, "person": person})
    said = {"months": 1, "after": "came", "action": "empty", "source": "our board"}
    await settled(user, "attendances", **said)
    with clock.frozen(clock.now() + timedelta(days=90)):
        assert (await user.get(f"{RETENTION}/attendances/preview"))["records"] == 1
        await user.client.post(f"{RETENTION}/attendances/runs", headers={"If-Match": "*"})
        await look(members.app.state.parts)
        (came,) = (await members.get(f"/v1/gatherings/{gathering}/attendances"))["data"]
        assert (came["person"], came["people"], came["status"]) == (None, 1, "attended")
        assert (await user.get(f"{RETENTION}/attendances/preview"))["records"] == 0


async def test_whoever_was_not_heard_of_is_erased_in_every_service(members: Caller, user: Caller) -> None:
    with clock.frozen(clock.now() - timedelta(days=900)):
        quiet, heard = await members.person("Zeb"), await members.person("Wendy")
    await members.did(heard, TODAY)
    await settled(user, "people", months=24, after="last_heard", action="erase", source="our board")
    assert (await user.get(f"{RETENTION}/people/preview"))["sample"] == [quiet]
    assert (await applied(user, "people"))["records"] == 1
    (erasure,) = (await user.get("/v1/erasures"))["data"]
    assert (erasure["person"], erasure["state"], erasure["verified_how"]) == (quiet, "in_progress", "period_over")
    assert (await user.get(f"{RETENTION}/people/preview"))["held"] == {"erasure": 1}


async def test_what_is_settled_as_daily_is_applied_by_itself_once_a_day(members: Caller, user: Caller) -> None:
    person = await members.person("Zeb")
    await members.did(person, LONG_AGO)
    await settled(user, "activities", **A_YEAR, daily=True)
    await eventually(lambda: _gone(members), within=20)
    (begun,) = await user.every(f"{RETENTION}/runs")
    await eventually(lambda: over(user, begun["id"]), within=20)
    run = await user.get(f"{RETENTION}/runs/{begun['id']}")
    assert (run["daily"], run["records"], run["begun_by"]) == (True, 1, "service:members")
    await members.did(person, LONG_AGO)
    await look(members.app.state.parts)
    assert len(await members.every("/v1/activities")) == 1
    with clock.frozen(clock.now() + timedelta(days=1)):
        await look(members.app.state.parts)
    assert await members.every("/v1/activities") == []


async def _gone(members: Caller) -> bool:
    return await members.every("/v1/activities") == []


async def test_a_run_that_was_cut_off_goes_on_and_counts_each_record_once(
    members: Caller, user: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.members.trust.retention.applying._ROWS_A_SLICE", 2)
    await members.did(await members.person("Zeb"), *([LONG_AGO] * 5))
    await settled(user, "activities", **A_YEAR)
    parts, movement = members.app.state.parts, members.movement
    db = parts.db.on_behalf(Context(movement, "user"))

    def begun_and_cut_off(session: Session) -> str:
        run = runs.apply(session, movement, "activities", None)
        with pytest.raises(RunUnderWay):
            runs.apply(session, movement, "activities", None)
        assert runs.go_on(session, movement, run.id, parts.secrets) == 2
        return run.id

    run = await db.write(begun_and_cut_off)
    await eventually(lambda: over(user, run), within=20)
    shown = await user.get(f"{RETENTION}/runs/{run}")
    assert (shown["state"], shown["records"]) == ("done", 5)


@pytest.mark.parametrize(
    ("kind", "said", "pointer", "code"),
    [
        ("bookings", {"months": 12, "after": "closed", "action": "delete"}, "/after", "unknown_event"),
        ("bookings", {"months": 12, "after": "booked", "action": "erase"}, "/action", "not_for_this_kind"),
        ("bookings", {"after": "booked", "action": "delete"}, "/months", "no_period"),
        ("bookings", {"months": 1, "after": "booked", "action": "review", "daily": True}, "/daily", "not_for_review"),
        ("access_archives", {"months": 1, "after": "asked", "action": "delete"}, "", "ends_by_something_else"),
    ],
)
@ON_ONE_DATABASE
async def test_a_rule_that_cannot_be_is_refused(user: Caller, kind: str, said: Json, pointer: str, code: str) -> None:
    body = {"source": "our board", **said}
    answered = await user.client.put(f"{RETENTION}/{kind}", json=body, headers={"If-Match": '"0"'})
    assert (answered.status_code, faults(answered.json())) == (422, {pointer: code})
    assert (await user.get(f"{RETENTION}/{kind}"))["version"] == 0


@ON_ONE_DATABASE
async def test_a_rule_is_applied_only_as_it_was_previewed(members: Caller, user: Caller) -> None:
    assert (await user.get(f"{RETENTION}/bookings"))["rule"]["settled"] is False
    await settled(user, "bookings", months=6, after="booked", action="delete", source="our board")
    for version, status in (('"0"', 412), ('"1"', 202)):
        answered = await user.client.post(f"{RETENTION}/bookings/runs", headers={"If-Match": version})
        assert answered.status_code == status
    looked = await user.client.post(f"{RETENTION}/incidents/runs", headers={"If-Match": '"0"'})
    assert (looked.status_code, looked.json()["code"]) == (409, "nothing_to_apply")
    assert (await members.client.post(f"{RETENTION}/bookings/runs", headers={"If-Match": '"1"'})).status_code == 403
    assert (await user.client.get(f"{RETENTION}/no_such_kind")).status_code == 404


@ON_ONE_DATABASE
async def test_another_movements_rules_holds_and_runs_are_unknown_here(
    members: Caller, user: Caller, other: Caller
) -> None:
    await members.did(await members.person("Zeb"), LONG_AGO)
    await settled(user, "activities", **A_YEAR)
    run = await applied(user, "activities")
    hold = await user.post(f"{RETENTION}/holds", {"person": await members.person("Wendy"), "why": "A claim"})
    assert (await other.get(f"{RETENTION}/activities"))["version"] == 0
    assert (await other.client.get(f"{RETENTION}/runs/{run['id']}")).status_code == 404
    for path in (f"{RETENTION}/runs", f"{RETENTION}/holds"):
        assert await other.every(path) == []
    assert hold["lifted_at"] is None


def test_a_period_ends_on_the_same_date_or_the_last_day_of_the_month() -> None:
    assert cut_off(date(2026, 3, 31), 1, 0) == date(2026, 2, 28)
    assert cut_off(date(2026, 3, 15), 24, 10) == date(2024, 3, 5)


@ON_ONE_DATABASE
async def test_what_the_other_services_keep_is_shown_and_one_that_is_away_is_named(user: Caller) -> None:
    kept = Kept(kind="applications", name="Their words", tables=("applications",), until="2030", source="the law")
    grants = FastAPI()

    @grants.get("/internal/retention")
    async def retention() -> Response:
        return Response(msgspec.json.encode([kept]), media_type="application/json")

    register("grants", grants)
    try:
        shown = await user.get(f"{RETENTION}/elsewhere")
    finally:
        unregister("grants", grants)
    assert [(each["service"], each["kind"], each["until"]) for each in shown["data"]] == [
        ("grants", "applications", "2030")
    ]
    assert shown["missing"].keys() == {"gateway", "measures"}
