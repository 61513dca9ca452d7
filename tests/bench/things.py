"""The smallest service there can be, for measuring a write: a thing, its event, and the record of its Idempotency-Key.

As a program it serves that over HTTP as any service of the suite is served: ``python -m tests.bench.things PORT``.
"""

import sys
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import orm

from shared import idempotency, outbox
from shared.app import Service, create_app
from shared.calls import Call
from shared.db import Session, infrastructure, open_database
from shared.db.hot import hot
from shared.events.grants.funds import FundCreated
from shared.ids import new_id
from shared.needs import needs
from shared.routing import Router
from shared.secrets import Secrets
from shared.settings import Settings
from tests.bench import one_service

SERVICE = "grants"
"""Whose name and secrets it borrows."""
BODY = '{"name":"A thing of some length","pence":125000}'

metadata = sa.MetaData()
things = sa.Table(
    "thing",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("pence", sa.Integer, nullable=False),
)
_insert = hot(sa.insert(things))


class NewThing(BaseModel):
    """A thing to make."""

    name: Annotated[str, Field(max_length=100)]
    pence: int


class Thing(NewThing):
    """A thing."""

    id: str


router = Router()


@router.post("/v1/things", status_code=201, response_model=Thing, **needs("things:write"))
async def make_thing(body: NewThing, call: Call) -> Response:
    """Make a thing, and tell the world."""
    return await call.write(make, body.name, body.pence, answer=Thing.model_validate)


@router.post("/v1/unwritten-things", status_code=201, response_model=Thing, **needs("things:write"))
async def make_nothing(body: NewThing, call: Call) -> Response:
    """The same without the write."""
    made = Thing(id=new_id("fund"), name=body.name, pence=body.pence)
    return Response(made.model_dump_json(), 201, media_type="application/json")


def make(session: orm.Session, movement: str, name: str, pence: int) -> dict[str, Any]:
    """Make a thing; its event is published with it."""
    id_ = new_id("fund")
    _insert.run(session, {"movement": movement, "id": id_, "name": name, "pence": pence})
    outbox.record(session, FundCreated(fund=id_, currency="GBP"))
    return {"id": id_, "name": name, "pence": pence}


def make_as_requested(session: Session, movement: str, request: idempotency.Request, secrets: Secrets) -> None:
    """All that a request with an Idempotency-Key does in its transaction; see :meth:`shared.calls.CallOf.write`."""
    idempotency.replay(session, movement, request, secrets)
    thing = Thing.model_validate(make(session, movement, "A thing of some length", 125_000))
    answer = idempotency.Answer(201, thing.model_dump_json().encode(), outbox.number(session))
    idempotency.store(session, movement, request, answer, secrets)


def make_many(session: orm.Session, movement: str, keys: list[str]) -> None:
    """Make a thing for each event, as an import does; the events belong to these subjects."""
    for key in keys:
        _insert.later(session, {"movement": movement, "id": new_id("fund"), "name": "A thing", "pence": 125_000})
        outbox.record(session, FundCreated(fund=key, currency="GBP"))


def create_tables(session: Session) -> None:
    """The service's tables."""
    infrastructure.metadata.create_all(session.connection())
    metadata.create_all(session.connection())


async def prepare(url: str) -> None:
    """Make the tables in an empty database that nobody has open."""
    database = open_database(url, pool=1)
    await database.open()
    await database.write(create_tables)
    await database.close()


def application(settings: Settings) -> Service:
    """The application, on the database and the log that the settings name."""
    return create_app(SERVICE, settings, routers=[router], title="Things", description="For measuring.")


if __name__ == "__main__":
    one_service.run(application, int(sys.argv[1]))
