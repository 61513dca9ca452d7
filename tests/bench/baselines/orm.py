"""The same write as it is usually made: FastAPI, SQLAlchemy's asyncio ORM on aiosqlite, a transaction a request.

A thing, its row in an outbox and the record of its Idempotency-Key, with synchronous=FULL in WAL mode, as ours.
"""

import os
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import sqlalchemy as sa
from fastapi import FastAPI, Header
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}", connect_args={"timeout": 30})
sessions = async_sessionmaker(engine, expire_on_commit=False)


@sa.event.listens_for(engine.sync_engine, "connect")
def _as_ours(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Base(DeclarativeBase):
    """The tables."""


class Thing(Base):
    """A thing."""

    __tablename__ = "thing"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    pence: Mapped[int]


class Outbox(Base):
    """An event that is to be published."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    key: Mapped[str]
    payload: Mapped[bytes]
    occurred_at: Mapped[float]


class Kept(Base):
    """The answer that was given for an Idempotency-Key."""

    __tablename__ = "kept"

    key: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[bytes]


class NewThing(BaseModel):
    """A thing to make."""

    name: str
    pence: int


class Made(NewThing):
    """A thing that was made."""

    id: str


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=_lifespan)


@app.post("/v1/things", status_code=201)
async def make_thing(body: NewThing, idempotency_key: Annotated[str, Header()]) -> Made:
    """Make a thing; repeated, the first answer is given again."""
    async with sessions.begin() as session:
        return await _make(session, body, idempotency_key)


async def _make(session: AsyncSession, body: NewThing, key: str) -> Made:
    kept = await session.get(Kept, key)
    if kept is not None:
        return Made.model_validate_json(kept.answer)
    made = Made(id=f"thing_{uuid.uuid4().hex}", name=body.name, pence=body.pence)
    payload = made.model_dump_json().encode()
    session.add(Thing(id=made.id, name=made.name, pence=made.pence))
    session.add(Outbox(type="thing.made", key=made.id, payload=payload, occurred_at=time.time()))
    session.add(Kept(key=key, answer=payload))
    return made
