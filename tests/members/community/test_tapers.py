"""Taper plans: what ends when, who takes over, what is due; and the role that ends with it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.members.community.tapers.models import NobodyTakesOver, NotPlanned, Taper, TaperState
from shared import clock
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.testing.caller import Json, faults
from tests.members.caller import Caller
from tests.members.community.test_programmes import begun, entered

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = clock.now().date()


async def planned(members: Caller, programme: Json, ends_on: str, **other: object) -> Json:
    said = {"what": "We no longer run it.", "ends_on": ends_on, **other}
    return await members.post(f"/v1/programmes/{programme['id']}/tapers", said)


async def test_what_ends_is_handed_over_and_the_role_ends_with_it(members: Caller) -> None:
    games, school = await entered(members, "School games"), await members.organisation("The partnership")
    await begun(members, games, "deliver", "2015-09-01")
    await begun(members, games, "advise", "2015-09-01")
    plan = await planned(members, games, "2026-09-01", role="deliver")
    complete = f"/v1/programmes/tapers/{plan['id']}/complete"
    status, problem = await members.refused(complete, {})
    assert (status, problem["code"]) == (409, "nobody_takes_over")
    edit = await members.client.patch(
        f"/v1/programmes/tapers/{plan['id']}", json={"successor": school}, headers={"If-Match": '"1"'}
    )
    assert edit.json()["successor"] == school
    done = await members.post(complete, {"on": "2018-04-01", "note": "outsourced"}, status=200)
    assert (done["state"], done["done_on"], done["due"]) == ("done", "2018-04-01", False)
    shown = await members.get(f"/v1/programmes/{games['id']}")
    assert {held["role"]: (held["ended_on"], held["ended_why"]) for held in shown["roles"]} == {
        "deliver": ("2018-04-01", "outsourced"),
        "advise": (None, None),
    }
    told = dict(await members.published(games["id"]))["taper.completed"]
    assert told == {"programme": games["id"], "taper": plan["id"], "role": "deliver", "successor": school}


async def test_what_is_due_is_listed_in_the_order_of_its_days(members: Caller) -> None:
    games = await entered(members)
    for day in ("2026-06-30", "2026-04-30", "2026-12-31", "2026-04-30"):
        await planned(members, games, day, arrangement="The schools go on alone.")
    dropped = await planned(members, games, "2026-01-01")
    await members.post(f"/v1/programmes/tapers/{dropped['id']}/drop", {"note": "Still needed."}, status=200)
    with clock.frozen(NOON):
        every = await members.every("/v1/programmes/tapers", state="planned", limit=2)
        due = (await members.get("/v1/programmes/tapers", due_by="2026-06-30"))["data"]
    days = ["2026-04-30", "2026-04-30", "2026-06-30", "2026-12-31"]
    assert [(taper["ends_on"], taper["due"]) for taper in every] == [(day, day <= "2026-05-01") for day in days]
    assert [taper["ends_on"] for taper in due] == days[:3]
    assert (await members.get("/v1/programmes/tapers", programme=new_id("programme")))["data"] == []


async def test_what_cannot_be_is_refused_and_nothing_ends(members: Caller) -> None:
    games = await entered(members)
    await begun(members, games, "deliver", "2020-01-01")
    plan = await planned(members, games, "2026-01-01", role="deliver", arrangement="The schools go on.")
    path = f"/v1/programmes/tapers/{plan['id']}"
    wrong = {"what": "It.", "ends_on": "2026-01-01", "successor": new_id("org")}
    status, problem = await members.refused(f"/v1/programmes/{games['id']}/tapers", wrong)
    assert (status, faults(problem)) == (422, {"/successor": "unknown_organisation"})
    answered = await members.client.patch(path, json={"successor": new_id("org")}, headers={"If-Match": "*"})
    assert (answered.status_code, faults(answered.json())) == (422, {"/successor": "unknown_organisation"})
    for day, code in (((TODAY + timedelta(days=2)).isoformat(), "in_the_future"), ("2019-01-01", "before_start")):
        status, problem = await members.refused(f"{path}/complete", {"on": day})
        assert (status, faults(problem)) == (422, {"/on": code})
    assert (await members.get(path))["state"] == "planned"
    assert (await members.get(f"/v1/programmes/{games['id']}"))["roles"][0]["ended_on"] is None


@pytest.mark.parametrize("state", [TaperState.DONE, TaperState.DROPPED])
def test_what_is_settled_stays_settled(state: TaperState) -> None:
    taper = Taper(state=state, version=1, arrangement="x")
    with pytest.raises(NotPlanned):
        taper.edit(NOON)
    with pytest.raises(IllegalTransition):
        taper.complete(NOON.date(), "user_1", NOON, None)
    with pytest.raises(IllegalTransition):
        taper.drop("user_1", NOON, None)


def test_nothing_ends_while_nobody_takes_over() -> None:
    with pytest.raises(NobodyTakesOver):
        Taper(state=TaperState.PLANNED, version=1).complete(NOON.date(), "user_1", NOON, None)
