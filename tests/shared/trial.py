"""A small service of the tests' own, with one route of each kind, for what every service has in common."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import sqlalchemy as sa
from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import orm

from shared import outbox
from shared.app import Parts, Service, create_app
from shared.auth import Principal, sign
from shared.calls import Call
from shared.db import Session, infrastructure, open_database
from shared.errors import Conflict, NotFound
from shared.events.grants.funds import FundCreated
from shared.ids import Id
from shared.money import Money
from shared.needs import anyone, needs
from shared.pages import Page, Paging
from shared.parts import Work
from shared.routing import Router
from shared.secrets import Secrets
from shared.settings import Settings

SERVICE = "grants"
MOVEMENT = "movement_01j5x3m0e8f7v9q2k4t6w8y0ab"

metadata = sa.MetaData()
things = sa.Table(
    "thing",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("pence", sa.Integer, nullable=False),
)


class NewThing(BaseModel):
    """A thing to make."""

    name: Annotated[str, Field(max_length=20, pattern="^[a-z-]+$")]
    price: Money


class Thing(BaseModel):
    """A thing."""

    name: str
    pence: int

    @classmethod
    def of(cls, row: sa.Row[Any, Any]) -> "Thing":
        return cls(name=row.name, pence=row.pence)


class Taken(Conflict):
    """The name is taken."""

    code, title = "taken", "The name is taken"


router = Router()


@router.post("/v1/things", status_code=201, response_model=Thing, **needs("things:write"))
async def make_thing(body: NewThing, call: Call) -> Response:
    """Make a thing, and tell the world."""
    return await call.write(make, body.name, body.price, answer=Thing.of)


@router.get("/v1/things", response_model=Page[Thing], **needs("things:read"))
async def list_things(call: Call, paging: Paging) -> Page[Thing]:
    """List things by name."""
    rows = await call.read(listed, paging.fetch, paging.after)
    return paging.page(rows, Thing.of, lambda row: (row.name,))


@router.get("/v1/other-things", response_model=Page[Thing], **needs("things:read"))
async def list_other_things(call: Call, paging: Paging) -> Page[Thing]:
    """The same in another place."""
    return await list_things(call, paging)


@router.get("/v1/things/{name}", response_model=Thing, **needs("things:read"))
async def read_thing(name: str, call: Call) -> Thing:
    """One thing."""
    return Thing.of(await call.read_by_key(found, name))


@router.delete("/v1/things/{name}", status_code=204, **needs("things:write", user=True))
async def drop_thing(name: str, call: Call) -> Response:
    """Only people may."""
    return await call.write(drop, name, answer=None)


@router.post("/v1/bulk", status_code=202, **needs("things:write"))
async def make_many(call: Call) -> Response:
    """Tell the world of twenty things."""
    return await call.write(tell_of_many, answer=None)


@router.post("/v1/files", status_code=201, response_model=Thing, **needs("things:write", large_body="text/csv"))
async def take_file(call: Call) -> Response:
    """Makes a thing that is called by the size of what was sent."""
    size = sum([len(piece) async for piece in call.upload()])
    return await call.write(make, f"file of {size}", Money.of(1, "GBP"), answer=Thing.of)


@router.get("/v1/owners/{owner}", response_model=None, **needs("things:read"))
async def read_owner(owner: Annotated[str, Id("person")], call: Call) -> Response:
    """Says who was asked for."""
    return Response(owner)


@router.get("/open/never", response_model=None, **anyone())
async def never() -> Response:
    """Never answers."""
    await asyncio.get_running_loop().create_future()
    return Response()


@router.get("/open/crash", response_model=None, **anyone())
async def crash() -> Response:
    """Breaks in a way that nobody foresaw."""
    raise ZeroDivisionError("Alice Example, alice@example.org")


@router.post("/open/echo", response_model=None, **anyone())
async def echo(request: Request) -> Response:
    """Answers how much was sent."""
    return Response(str(len(await request.body())))


def make(session: orm.Session, movement: str, name: str, price: Money) -> sa.Row[Any, Any]:
    if session.execute(_one(movement, name)).first() is not None:
        raise Taken
    session.execute(sa.insert(things).values(movement=movement, name=name, pence=price.pence))
    outbox.record(session, FundCreated(fund=f"fund_{name}", currency=price.currency))
    return found(session, movement, name)


def tell_of_many(session: orm.Session, movement: str) -> None:
    for number in range(20):
        outbox.record(session, FundCreated(fund=f"fund_{number}", currency="GBP"))


def found(session: orm.Session, movement: str, name: str) -> sa.Row[Any, Any]:
    row = session.execute(_one(movement, name)).first()
    if row is None:
        raise NotFound
    return row


def listed(
    session: orm.Session, movement: str, most: int, after: tuple[str | int, ...] | None
) -> Sequence[sa.Row[Any, Any]]:
    wanted = sa.select(things.c.name, things.c.pence).where(things.c.movement == movement)
    if after is not None:
        wanted = wanted.where(things.c.name > after[0])
    return session.execute(wanted.order_by(things.c.name).limit(most)).all()


def drop(session: orm.Session, movement: str, name: str) -> None:
    found(session, movement, name)
    session.execute(sa.delete(things).where(things.c.movement == movement, things.c.name == name))


def _one(movement: str, name: str) -> sa.Select[Any, Any]:
    return sa.select(things.c.name, things.c.pence).where(things.c.movement == movement, things.c.name == name)


@dataclass
class Trial:
    """The running service and a client of it."""

    app: Service
    client: httpx.AsyncClient
    parts: Parts
    gateway: Secrets

    def as_caller(
        self, *scopes: str, movement: str = MOVEMENT, user: str | None = None, id: str = "key_1"
    ) -> Mapping[str, str]:
        """The headers of a caller for whom the gateway vouches."""
        principal = Principal(id=id, movement=movement, scopes=frozenset(scopes or {"*"}), user=user)
        return {"authorization": f"Bearer {sign(principal, SERVICE, self.gateway)}"}


@asynccontextmanager
async def running_trial(
    settings: Settings, workers: Sequence[Work] = (), more: Sequence[Router] = ()
) -> AsyncIterator[Trial]:
    """The trial service on the databases and the bus that the settings name, with ``more`` routes."""
    await _create_tables(settings)
    app = create_app(
        SERVICE, settings, routers=[router, *more], workers=workers, title="Trial", description="For tests."
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://trial") as client,
    ):
        yield Trial(app, client, app.state.parts, Secrets.load(settings, "gateway"))


def settings_for(tmp_path: Path, **changes: object) -> Settings:
    """Settings with a data folder of the test's own."""
    return Settings.model_validate({"data_dir": tmp_path, **changes})


async def _create_tables(settings: Settings) -> None:
    database = open_database(settings.database_url(SERVICE))
    await database.open()
    await database.write(_create)
    await database.close()


def _create(session: Session) -> None:
    infrastructure.metadata.create_all(session.connection())
    metadata.create_all(session.connection())
