"""Who walks beside a group and how they kept in touch; and how fast the money came."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.payments.models import Payment
from services.grants.people.erasing import forget_people
from services.grants.rounds.models import Round
from shared import clock
from shared.erasure.marks import Marks
from shared.events.members.merging import PersonMerged
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.erasing import counting
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.gateway.log import Log
from tests.grants.caller import Caller
from tests.grants.conftest import Acting
from tests.grants.decisions.people import Members

pytestmark = pytest.mark.usefixtures("members")


async def test_a_grant_buddy_walks_beside_a_group_and_keeps_a_log(grants: Caller) -> None:
    application, buddy = await grants.application(await grants.open_round()), new_id("person")
    made = await grants.post(
        "/v1/support-contacts", {"application": application, "person": buddy, "since": "2026-03-01"}
    )
    path = f"/v1/support-contacts/{made['id']}"
    said = {
        "way": "visit",
        "on": "2026-03-05",
        "words": "Tea with the group",
        "next_step": "Ring",
        "next_on": "2026-03-19",
    }
    note = await grants.post(f"{path}/notes", said)
    assert {name: note[name] for name in said} == said
    assert await grants.every(f"{path}/notes") == [note]
    ended = await grants.edit("PATCH", path, {"ended_on": "2026-06-30"}, '"1"')
    assert (ended["person"], ended["ended_on"], ended["version"]) == (buddy, "2026-06-30", 2)
    status, problem = await grants.refused(f"{path}/notes", {**said, "on": "2026-07-01"})
    assert (status, problem["code"]) == (409, "contact_ended")
    assert await grants.refused_edit("PATCH", path, {"ended_on": "2026-02-28"}) == (422, "invalid")
    for named in ({"person": buddy}, {"application": application}):
        assert await grants.every("/v1/support-contacts", **named) == [ended]
    ids = {"support_contact": made["id"], "application": application}
    assert await grants.published(made["id"]) == [
        ("support_contact.begun", ids),
        ("support_contact.given", {"support_contact": made["id"], "way": "visit"}),
        ("support_contact.ended", ids),
    ]


@ON_ONE_DATABASE
async def test_support_is_for_the_funds_own_and_whom_it_was_handed_to(grants: Caller, acting: Acting) -> None:
    opened = await grants.open_round()
    said = {"application": await grants.application(opened), "person": new_id("person")}
    anchor, beside = await acting()
    assert (await beside.refused("/v1/support-contacts", said))[1]["code"] == "not_delegated"
    fund = (await grants.get(f"/v1/rounds/{opened}"))["fund"]
    await grants.post("/v1/delegations", {"fund": fund, "to": anchor, "scopes": ["support"]})
    for caller in (beside, grants):
        await caller.post("/v1/support-contacts", said)
    _, problem = await grants.refused("/v1/support-contacts", {**said, "application": new_id("app")})
    assert faults(problem) == {"/application": "unknown_application"}


async def test_erasing_a_buddy_leaves_that_there_was_one(app: FastAPI, grants: Caller) -> None:
    application, buddy = await grants.application(await grants.open_round()), new_id("person")
    made = await grants.post("/v1/support-contacts", {"application": application, "person": buddy})
    parts = app.state.parts
    db, counted = counting(parts.acting_in(grants.movement, "erasure_1"))
    await forget_people(parts, db, grants.movement, Marks(people=[buddy]))
    assert counted == [1]
    (shown,) = await grants.every("/v1/support-contacts", application=application)
    assert (shown["id"], shown["person"].partition("_")[0]) == (made["id"], "erased")


@ON_ONE_DATABASE
async def test_a_buddy_is_known_to_the_movement_and_found_by_the_id_that_answers_now(
    grants: Caller, members: Members
) -> None:
    older, newer, nobody = (new_id("person") for _ in range(3))
    application = await grants.application(await grants.open_round())
    members.unknown.add(nobody)
    said = {"application": application, "person": nobody}
    _, problem = await grants.refused("/v1/support-contacts", said)
    assert faults(problem) == {"/person": "unknown_person"}
    await grants.post("/v1/support-contacts", {**said, "person": older})
    merged = PersonMerged(person=older, into=newer, merge=new_id("merge"))
    await Log(grants.app.state.parts.bus).publish(grants.movement, merged)

    async def heard() -> bool:
        return bool(await grants.every("/v1/support-contacts", person=newer))

    await eventually(heard)
    assert {each["person"] for each in await grants.every("/v1/support-contacts", person=older)} == {newer}


async def paid_today(grants: Caller, colleague: Caller, payment: Json) -> None:
    """The bank says that it has paid."""
    await colleague.edit("POST", f"/v1/payments/{payment['id']}/approve")
    batch = (await grants.post("/v1/payment-batches", {"fund": payment["fund"]}))["id"]
    await grants.client.post(f"/v1/payment-batches/{batch}/export")
    said = {"payment": payment["id"], "outcome": "paid", "on": clock.today("Europe/London").isoformat()}
    await grants.post(f"/v1/payment-batches/{batch}/results", {"results": [said]}, status=200)


async def test_days_from_closing_to_money_in_the_bank_are_those_of_the_facts(
    app: FastAPI, grants: Caller, colleague: Caller
) -> None:
    opened = await grants.open_round("5000.00")
    awards = [await grants.award(await grants.application(opened)) for _ in range(3)]
    lapsed = await grants.award(await grants.application(opened))
    await grants.post(f"/v1/awards/{lapsed}/lapse")
    path = f"/v1/rounds/{opened}/timings"
    assert (await grants.get(path))["closed_on"] is None
    for award in awards[:2]:
        await grants.agree(award)
        await grants.check(award)
        await grants.payee(award)
        await paid_today(grants, colleague, await grants.payment(award))
    await grants.post(f"/v1/rounds/{opened}/close")

    def move_back(session: Session) -> None:
        closed = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # the first of April in London
        session.execute(sa.update(Round).where(Round.id == opened).values(closed_at=closed))
        for award, day in zip(awards, (11, 20), strict=False):
            settled = {"settled_on": date(2026, 4, day)}
            session.execute(sa.update(Payment).where(Payment.award_id == award).values(**settled))

    await app.state.parts.db.write(move_back)
    shown = await grants.get(path)
    assert (shown["closed_on"], shown["median_days"], shown["paid"], shown["waiting"]) == ("2026-04-01", 14.5, 2, 1)
    assert {each["award"]: each["days"] for each in shown["awards"]} == dict(zip(awards, (10, 19, None), strict=True))
