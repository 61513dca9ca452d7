"""Who applied in vain is forgotten once the set time is over; what was asked for, where, how much and why not stays."""

from datetime import timedelta

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.applications.documents.models import Document
from services.grants.applications.keeping import forget_old
from services.grants.applications.models import ApplicationContact
from shared import clock
from shared.testing.caller import Json
from tests.grants.caller import NO, Caller, asking


async def test_who_applied_in_vain_is_forgotten_and_the_demand_stays(app: FastAPI, grants: Caller) -> None:
    parts = app.state.parts
    opened = await grants.open_round()
    about: Json = {"place": "E07000081", "theme": "walking", "contact": {"name": "Ada Byron", "phone": "01452 555010"}}
    vain, won = [(await grants.post("/v1/applications", asking(opened, **about)))["id"] for _ in range(2)]
    for application in (vain, won):
        path = f"/v1/applications/{application}/documents"
        sent = await grants.client.post(path, params={"name": "us.png"}, content=b"\x89PNG\r\n\x1a\nrest")
        assert sent.status_code == 201, sent.text
    await grants.agree(await grants.award(won))  # an offer alone may lapse in the time to come, which is in vain too
    await grants.post(f"/v1/applications/{vain}/decline", NO)
    await grants.complete(opened)
    kept = timedelta(days=parts.settings.unsuccessful_applications_kept_days)
    with clock.frozen(clock.now() + kept - timedelta(hours=1)):
        assert await forget_old(parts) == 0
    with clock.frozen(clock.now() + kept + timedelta(hours=1)):
        assert [await forget_old(parts) for _ in range(2)] == [1, 0]

    shown, beside = [await grants.get(f"/v1/applications/{each}") for each in (vain, won)]
    assert (shown["group_name"], shown["summary"]) == ("A group that applied", "")
    same = ("place", "theme", "amount", "round")
    assert [shown[each] for each in same] == [beside[each] for each in same]
    assert (shown["state"], shown["decline_reason"]) == ("declined", NO["reason"])
    assert beside["group_name"] == "Knit and natter"

    def kept_of(session: Session) -> list[list[str]]:
        columns = (ApplicationContact.application, Document.application)
        return [list(session.scalars(sa.select(column))) for column in columns]

    assert await parts.db.read(kept_of) == [[won], [won]]
