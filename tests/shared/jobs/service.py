"""A small service that has jobs: they add numbered lines to a table, as they are told."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import msgspec
import sqlalchemy as sa
from fastapi import Response
from sqlalchemy import orm

from shared.app import Service, create_app
from shared.auth import Principal, sign
from shared.calls import Call
from shared.db import infrastructure, open_database
from shared.db.session import Session
from shared.errors import Conflict, Fault
from shared.ids import new_id
from shared.jobs import domain, files, tables
from shared.jobs.api import router_of
from shared.jobs.schemas import Job
from shared.jobs.work import Moved, Work
from shared.jobs.worker import jobs_worker
from shared.needs import needs
from shared.parts import Parts
from shared.routing import Router
from shared.secrets import Secrets
from shared.settings import Settings

metadata = sa.MetaData()
lines = sa.Table(
    "lines", metadata, sa.Column("movement", sa.Text, primary_key=True), sa.Column("job", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
)  # fmt: skip


class Wanted(msgspec.Struct):
    """So many lines; it goes wrong at `refuse_at` or `break_at`, and can only be finished from `settle_at` on."""

    count: int
    refuse_at: int | None = None
    break_at: int | None = None
    settle_at: int | None = None
    fault: str | None = None


class TooMuch(Conflict):
    """What the job refuses."""

    code, title = "too_much", "That is too much"


@dataclass
class Writing:
    """The kind of job that the service has. `before` holds lines up, each until its event."""

    name: str = "writing"
    before: dict[int, asyncio.Event] = field(default_factory=dict)
    reached: set[int] = field(default_factory=set)
    most_at_once: int = 0
    under_way: int = 0
    undone: list[str] = field(default_factory=list)

    async def carry_out(self, work: Work) -> object:
        wanted = work.request(Wanted)
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            for number in range((work.position(int) or 0) + 1, wanted.count + 1):
                self.reached.add(number)
                if number in self.before:
                    await self.before[number].wait()
                if number == wanted.break_at:
                    raise ZeroDivisionError
                await work.step(_write, work.id, number, wanted)
        finally:
            self.under_way -= 1
        return {"written": wanted.count}

    async def undo(self, work: Work) -> None:
        self.undone.append(work.id)
        await work.db.write(_erase, work.movement, work.id)


def _write(session: orm.Session, movement: str, job: str, number: int, wanted: Wanted) -> Moved:
    if number == wanted.refuse_at:
        raise TooMuch("no more than that")
    session.execute(sa.insert(lines).values(movement=movement, job=job, number=number))
    faults = [Fault(None, "is wrong", "wrong", row=number, column=wanted.fault)] if wanted.fault else []
    settled = wanted.settle_at is not None and number >= wanted.settle_at
    return Moved(position=number, done=number, total=wanted.count, faults=faults, settled=settled)


def _erase(session: orm.Session, movement: str, job: str) -> None:
    session.execute(sa.delete(lines).where(lines.c.movement == movement, lines.c.job == job))


def numbers(session: orm.Session) -> list[int]:
    return list(session.scalars(sa.select(lines.c.number).order_by(lines.c.number)))


router = Router()


@router.post("/v1/lines", status_code=202, response_model=Job, **needs("lines:write", large_body="text/plain"))
async def write_lines(call: Call) -> Response:
    """As many lines as the file has bytes."""
    job = domain.id_for("trial")
    count = await files.receive(call, job)
    return await call.write(domain.ask, job, "writing", {"count": count}, answer=Job.of)


@dataclass
class Trial:
    """The running service, a caller of it, and the kind of its jobs."""

    app: Service
    client: httpx.AsyncClient
    movement: str
    writing: Writing

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.state.parts
        return parts

    async def ask(self, wanted: Wanted, movement: str | None = None, kind: str = "writing") -> str:
        """Ask for a job; its id."""
        job, of = domain.id_for("trial"), movement or self.movement
        await self.parts.db.write(domain.ask, of, job, kind, wanted)
        return job

    async def shown(self, job: str) -> dict[str, object]:
        answered = await self.client.get(f"/v1/jobs/{job}")
        assert answered.status_code == 200, answered.text
        shown: dict[str, object] = answered.json()
        return shown

    async def is_in(self, job: str, state: str) -> bool:
        return (await self.shown(job))["state"] == state

    async def written(self) -> list[int]:
        return await self.parts.db.read(numbers)


def headers(settings: Settings, movement: str) -> Mapping[str, str]:
    principal = Principal(id="key_1", movement=movement, scopes=frozenset({"*"}))
    return {"authorization": f"Bearer {sign(principal, 'trial', Secrets.load(settings, 'gateway'))}"}


@asynccontextmanager
async def running(settings: Settings, movement: str | None = None) -> AsyncIterator[Trial]:
    """The service, started, on tables that are there or made."""
    writing, of = Writing(), movement or new_id("movement")
    await _create_tables(settings)
    app = create_app(
        "trial", settings, routers=[router, router_of("trial")], workers=[jobs_worker([writing])],
        title="Trial", description="For tests.",
    )  # fmt: skip
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://trial", headers=headers(settings, of)) as client,
    ):
        yield Trial(app, client, of, writing)


async def _create_tables(settings: Settings) -> None:
    database = open_database(settings.database_url("trial"))
    await database.open()
    await database.write(_create)
    await database.close()


def _create(session: Session) -> None:
    for each in (infrastructure.metadata, tables.metadata, metadata):
        each.create_all(session.connection())
