"""PostgreSQL's NOTIFY between the replicas of a service: a commit in one wakes the relay that leads in another."""

import asyncio
from collections.abc import Callable

import psycopg
import sqlalchemy as sa
from sqlalchemy import orm

CHANNEL = "outbox"
_AGAIN_SECONDS = 1.0


def announce(session: orm.Session) -> None:
    """Tell every replica that the outbox has something new; heard once this commits."""
    session.execute(sa.text(f"NOTIFY {CHANNEL}"))


async def listen(url: sa.URL, heard: Callable[[], None]) -> None:
    """Call ``heard`` at every announcement, until cancelled. While the connection is lost, the relay's timer serves."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                heard()  # what was announced while nobody listened
                async for _ in connection.notifies():
                    heard()
        except psycopg.Error:
            await asyncio.sleep(_AGAIN_SECONDS)
