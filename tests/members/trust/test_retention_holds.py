"""What is held back although its period is over, and why: it stays, and goes once nothing holds it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

import services.members.app  # noqa: F401 - it brings every table
from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import edit
from tests.members.engagement.gatherings.steps import published as gathering_of
from tests.members.trust.erasing import verified
from tests.members.trust.retaining import A_YEAR, LONG_AGO, RETENTION, TODAY, applied, settled

_ACTIVITIES = sa.text("SELECT count(*) FROM activities")


@pytest.mark.parametrize("reason", ["on_hold", "restricted", "open_request", "quiet"])
@ON_ONE_DATABASE
async def test_what_is_held_back_says_why_and_stays(members: Caller, user: Caller, reason: str) -> None:
    person, hold = await members.person("Zeb"), None
    await members.did(person, LONG_AGO)
    await settled(user, "activities", **A_YEAR)
    match reason:
        case "on_hold":
            hold = await user.post(f"{RETENTION}/holds", {"person": person, "kind": "activities", "why": "A claim"})
        case "restricted":
            body = {"ground": "needed_for_claims", "why": "She may sue."}
            await members.post(f"/v1/people/{person}/restrictions", body)
        case "open_request":
            await members.post("/v1/requests", {"kind": "access", "how": "letter", "person": person})
        case _:
            await user.post("/v1/concerns", {"words": "He flinches.", "about": person})
    seen = await user.get(f"{RETENTION}/activities/preview")
    assert (seen["records"], seen["held"]) == (0, {} if reason == "quiet" else {reason: 1})
    run = await applied(user, "activities")
    assert (run["records"], run["held"]) == (0, seen["held"])
    assert await members.app.state.parts.db.read(lambda session: session.scalar(_ACTIVITIES)) == 1
    if hold is not None:
        await user.post(f"{RETENTION}/holds/{hold['id']}/lift", status=200)
        assert (await user.refused(f"{RETENTION}/holds/{hold['id']}/lift"))[1]["code"] == "already_lifted"
        assert (await applied(user, "activities"))["records"] == 1


@ON_ONE_DATABASE
async def test_a_single_record_is_held_until_its_day_is_over(members: Caller, user: Caller) -> None:
    await members.did(await members.person("Zeb"), LONG_AGO, LONG_AGO)
    kept = (await members.every("/v1/activities"))[0]["id"]
    await settled(user, "activities", **A_YEAR)
    until = (TODAY + timedelta(days=5)).isoformat()
    await user.post(f"{RETENTION}/holds", {"record": kept, "kind": "activities", "why": "A claim", "until": until})
    assert (await applied(user, "activities"))["records"] == 1
    assert [row["id"] for row in await members.every("/v1/activities")] == [kept]
    with clock.frozen(clock.now() + timedelta(days=7)):
        assert (await user.get(f"{RETENTION}/activities/preview"))["records"] == 1
        assert await user.every(f"{RETENTION}/holds", in_force="true") == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"person": new_id("person")}, {"/person": "unknown_person"}),
        ({"person": new_id("person"), "kind": "no_such"}, {"/person": "unknown_person", "/kind": "unknown_kind"}),
        ({"kind": "bookings", "record": new_id("booking"), "until": "2020-01-01"}, {"/until": "in_the_past"}),
        ({"record": new_id("booking")}, {"": "kind_of_record"}),
        ({"kind": "bookings"}, {"": "one_of_them"}),
    ],
)
@ON_ONE_DATABASE
async def test_a_hold_on_nothing_is_refused(user: Caller, said: Json, code: dict[str, str]) -> None:
    status, problem = await user.refused(f"{RETENTION}/holds", {"why": "A claim", **said})
    assert (status, faults(problem)) == (422, code)
    assert await user.every(f"{RETENTION}/holds") == []


@ON_ONE_DATABASE
async def test_nobody_is_erased_while_they_are_on_hold(user: Caller) -> None:
    person = await user.person("Zeb")
    hold = await user.post(f"{RETENTION}/holds", {"person": person, "why": "A claim"})
    erasure = await verified(user, person)
    problem = await edit(user, f"/v1/erasures/{erasure}/start", {}, status=409)
    assert (problem["code"], problem["hold"]) == ("on_hold", hold["id"])


@ON_ONE_DATABASE
async def test_a_record_on_which_something_of_somebody_hangs_is_held_back_for_them_too(
    members: Caller, user: Caller
) -> None:
    zeb, wendy, (gathering, slot) = (
        await members.person("Zeb"),
        await members.person("Wendy"),
        await gathering_of(members),
    )
    booking = {"slot": slot, "person": zeb, "companions": [{"kind": "guest", "person": wendy}]}
    await members.post(f"/v1/gatherings/{gathering}/bookings", booking)
    await members.post("/v1/requests", {"kind": "access", "how": "letter", "person": wendy})
    await settled(user, "bookings", days=1, after="booked", action="delete", source="our board")
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert (await user.get(f"{RETENTION}/bookings/preview"))["held"] == {"open_request": 1}


@ON_ONE_DATABASE
async def test_an_answered_request_is_held_back_while_another_of_theirs_is_open(members: Caller, user: Caller) -> None:
    asking = {"kind": "access", "how": "letter", "person": await members.person("Zeb")}
    first = await members.post("/v1/requests", asking)
    await members.post(f"/v1/requests/{first['id']}/withdraw", status=200)
    await settled(user, "requests", days=1, after="closed", action="empty", source="our board")
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert (await user.get(f"{RETENTION}/requests/preview"))["records"] == 1
        await members.post("/v1/requests", asking)
        seen = await user.get(f"{RETENTION}/requests/preview")
        assert (seen["records"], seen["held"]) == (0, {"open_request": 1})


@ON_ONE_DATABASE
async def test_a_hold_on_a_merged_id_is_on_whoever_they_are_now(members: Caller, user: Caller) -> None:
    person, merged = await members.person("Zeb"), await members.person("Zebedee")
    await members.post(f"/v1/people/{person}/merge", {"merged": merged}, status=200)
    hold = await user.post(f"{RETENTION}/holds", {"person": merged, "why": "A claim"})
    assert hold["person"] == person
    assert [row["id"] for row in await user.every(f"{RETENTION}/holds", person=merged)] == [hold["id"]]
