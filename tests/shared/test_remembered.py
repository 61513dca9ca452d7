"""Look-ups that are remembered are never older than the last change that was answered, on both databases."""

import asyncio

import sqlalchemy as sa
from sqlalchemy import orm

from shared.db import Database
from shared.remembered import Remembered
from tests.plugins.parts import scale

numbers = sa.Table("number", sa.MetaData(), sa.Column("value", sa.Integer))


async def made(database: Database) -> Remembered[int]:
    """A table with one number, 0, to look up."""

    def make(session: orm.Session) -> None:
        numbers.create(session.connection())
        session.execute(sa.insert(numbers).values(value=0))

    await database.write(make)
    return Remembered()


def number(session: orm.Session) -> int:
    """The number."""
    value: int = session.scalars(sa.select(numbers.c.value)).one()
    return value


def count_up(session: orm.Session) -> int:
    """Change it, and answer what it is now."""
    session.execute(sa.update(numbers).values(value=numbers.c.value + 1))
    return number(session)


async def test_every_look_up_sees_what_was_answered_before_it_began(database: Database) -> None:
    remembered = await made(database)

    async def changing() -> None:
        for _ in range(20):
            reached = await database.write(count_up)
            assert await remembered.look_up(database, "number", number) >= reached

    await asyncio.gather(*(changing() for _ in range(8)))
    assert await remembered.look_up(database, "number", number) == 160


async def test_a_look_up_is_never_older_than_what_was_read_before_it(database: Database) -> None:
    remembered = await made(database)
    for _ in range(scale(150)):
        writing = asyncio.ensure_future(database.write(count_up))
        while not writing.done():
            seen = await database.read_by_key(number)
            assert await remembered.look_up(database, "number", number) >= seen
            await asyncio.sleep(0)
        await writing


async def test_while_nothing_changes_an_owner_of_its_file_reads_once(database: Database) -> None:
    remembered = await made(database)
    asked = []

    def counted(session: orm.Session) -> int:
        asked.append(1)
        return number(session)

    for _ in range(5):
        assert await remembered.look_up(database, "number", counted) == 0
    others_write_too = database.changes is None
    assert len(asked) == (5 if others_write_too else 1)
