"""asyncpg by itself: the statements that a write of ours makes, one transaction a request."""

import asyncpg

from shared.ids import new_id
from tests.bench.one_service import MOVEMENT

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"
_FIND = """SELECT fingerprint, answer, recorded_at FROM idempotency
    WHERE movement = $1 AND principal = $2 AND route = $3 AND key = $4"""
_THING = "INSERT INTO thing (movement, id, name, pence) VALUES ($1, $2, $3, $4)"
_NUMBER = """INSERT INTO outbox_sequence (key, last) VALUES ($1, 1)
    ON CONFLICT (key) DO UPDATE SET last = outbox_sequence.last + 1 RETURNING last"""
_EVENT = """INSERT INTO outbox (event_id, type, key, sequence, movement, actor, causation, origin, traceparent,
    occurred_at, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""
_KEEP = """INSERT INTO idempotency (movement, principal, route, key, fingerprint, answer, subjects, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""
_NOW = 1_767_600_000_000


async def connected(address: str, count: int) -> list[asyncpg.Connection]:
    """Connections to the database."""
    return [await asyncpg.connect(address) for _ in range(count)]


async def write_with_key(connection: asyncpg.Connection) -> None:
    """A row, its event, and the record of the Idempotency-Key."""
    key = new_id("req")
    async with connection.transaction():
        await connection.fetchval(_LOCK, key)
        await connection.fetchrow(_FIND, MOVEMENT, "key_1", "POST /v1/things", key)
        subject = await _thing_and_event(connection)
        await connection.execute(_KEEP, MOVEMENT, "key_1", "POST /v1/things", key, "0" * 64, b"0" * 200, subject, _NOW)


async def write(connection: asyncpg.Connection) -> None:
    """A row and its event."""
    async with connection.transaction():
        await _thing_and_event(connection)


async def _thing_and_event(connection: asyncpg.Connection) -> str:
    thing = new_id("fund")
    await connection.execute(_THING, MOVEMENT, thing, "A thing of some length", 125_000)
    sequence = await connection.fetchval(_NUMBER, thing)
    await connection.execute(
        _EVENT, new_id("evt"), "fund.created", thing, sequence, MOVEMENT, "key_1", "req_1", None, "00-1-2-01", _NOW,
        b"0" * 70,
    )  # fmt: skip
    return thing
