"""No round and no fund is overspent: under a race, and past every check of ours, by the database itself."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.grants.awards.models import Award, AwardState
from services.grants.funds.models import Fund
from services.grants.rounds.models import Round
from shared.ids import new_id
from tests.grants.caller import NO, Caller, gbp

CLIENTS = 16


async def test_16_clients_racing_200_awards_of_500_pounds_on_20000_get_exactly_40(grants: Caller) -> None:
    opened = await grants.open_round("20000.00")
    asked = [await grants.application(opened) for _ in range(200)]
    answers: list[tuple[int, str]] = []

    async def client(queue: Iterator[str]) -> None:
        for application in queue:
            offer = {"application": application, "amount": gbp("500.00")}
            answered = await grants.client.post("/v1/awards", json=offer)
            answers.append((answered.status_code, answered.json().get("code", "")))

    queue = iter(asked)
    await asyncio.gather(*(client(queue) for _ in range(CLIENTS)))

    assert Counter(answers) == {(201, ""): 40, (409, "over_budget"): 160}
    shown = await grants.get(f"/v1/rounds/{opened}")
    assert (shown["committed"], shown["remaining"]) == (gbp("20000.00"), gbp("0.00"))
    awards = (await grants.get("/v1/awards", round=opened, limit=200))["data"]
    assert [award["amount"] for award in awards] == [gbp("500.00")] * 40
    assert len({award["application"] for award in awards}) == 40
    awarded = (await grants.get("/v1/applications", round=opened, state="awarded", limit=200))["data"]
    assert {application["id"] for application in awarded} == {award["application"] for award in awards}


async def test_offers_endings_and_the_end_of_the_round_that_race_leave_nothing_behind(grants: Caller) -> None:
    opened = await grants.open_round("5000.00")
    asked = [await grants.application(opened) for _ in range(24)]
    one_is_offered = asyncio.Event()

    async def offer_and_end(application: str) -> None:
        for _ in range(3):
            offer = {"application": application, "amount": gbp("500.00")}
            answered = await grants.client.post("/v1/awards", json=offer)
            if answered.status_code == 201:
                one_is_offered.set()
                await grants.post(f"/v1/awards/{answered.json()['id']}/lapse")

    async def complete() -> None:
        await one_is_offered.wait()
        path = f"/v1/rounds/{opened}"
        await grants.post(f"{path}/close")
        await grants.post(f"{path}/assess")
        while not (await grants.client.post(f"{path}/decide")).is_success:
            for waiting in await grants.every("/v1/applications", round=opened, state="submitted"):
                await grants.client.post(f"/v1/applications/{waiting['id']}/decline", json=NO)
        while not (await grants.client.post(f"{path}/complete", json=NO)).is_success:
            pass  # an offer has ended at this moment: whoever had it waits for an answer again

    await asyncio.gather(complete(), *(offer_and_end(application) for application in asked))
    ended = await grants.get(f"/v1/rounds/{opened}")
    fund = await grants.get(f"/v1/funds/{ended['fund']}")
    assert ended["committed"] == gbp("0.00")
    assert (fund["reserved"], fund["available"]) == (gbp("0.00"), gbp("5000.00"))


@pytest.mark.parametrize(
    "overspend",
    [
        sa.update(Round).values(committed=Round.budget + 1),
        sa.update(Round).values(committed=-1),
        sa.update(Fund).values(reserved=Fund.cleared + 1),
        sa.update(Fund).values(cleared=Fund.reserved - 1),
        sa.update(Fund).values(cleared=Fund.promised + 1),
    ],
    ids=["round over", "round under", "fund over", "fund short", "unpromised"],
)
async def test_the_database_itself_refuses_an_overspend(app: FastAPI, grants: Caller, overspend: sa.Update) -> None:
    await grants.open_round("20000.00")

    def write(session: Session) -> None:
        session.execute(overspend)

    with pytest.raises(IntegrityError):
        await app.state.parts.db.write(write)


async def test_the_database_itself_refuses_a_second_live_award(app: FastAPI, grants: Caller) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))

    def copy(session: Session) -> None:
        first = session.get_one(Award, (grants.movement, award))
        values = {column.name: getattr(first, column.name) for column in sa.inspect(Award).columns}
        session.add(Award(**{**values, "id": new_id("award"), "state": AwardState.ACCEPTED}))
        session.flush()

    with pytest.raises(IntegrityError):
        await app.state.parts.db.write(copy)
