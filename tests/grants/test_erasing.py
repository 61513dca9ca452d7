"""What a receipt says that a service gives of an erasure."""

import asyncio
from dataclasses import replace

from fastapi import FastAPI

from services.grants.erasing import ERASING
from services.grants.people.erasing import forget_people
from shared.erasure import store
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.ids import new_id
from shared.parts import Parts
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller
from tests.grants.decisions.people import Members


@ON_ONE_DATABASE
async def test_a_receipt_counts_what_was_erased_before_the_process_died(
    app: FastAPI, grants: Caller, members: Members
) -> None:
    buddy, erasure = new_id("person"), new_id("erasure")
    application = await grants.application(await grants.open_round())
    await grants.post("/v1/support-contacts", {"application": application, "person": buddy})
    members.marks = [buddy]
    parts, erased = app.state.parts, asyncio.Event()

    async def is_cut_off(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
        erased.set()
        await asyncio.Event().wait()

    await parts.acting_in(grants.movement).write(store.add, grants.movement, erasure)
    dying = asyncio.create_task(replace(ERASING, forgetting=(forget_people, is_cut_off)).worker()(parts))
    await erased.wait()
    dying.cancel()
    going_on = asyncio.create_task(ERASING.worker()(parts))
    try:
        (receipt,) = await eventually(lambda: receipts(grants, erasure))
    finally:
        going_on.cancel()
    assert receipt == 1


async def receipts(grants: Caller, erasure: str) -> list[int]:
    """The numbers of records that this service says it has erased."""
    told = await grants.published()
    return [payload["records"] for _, payload in told if payload.get("erasure") == erasure]
