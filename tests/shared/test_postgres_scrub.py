"""Nothing of what was deleted is left in the files of a PostgreSQL database, whatever goes on beside."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from shared.db.postgres_scrub import vacuum
from shared.errors import Unavailable
from shared.testing.postgres import PostgresServer

WORD = "thistlewick"


@pytest.fixture
def here(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a database with a row that says the word."""
    url = postgres_server.new_database()
    with _connected(url) as connection:
        connection.execute("CREATE TABLE said (words text)")
        connection.execute("INSERT INTO said VALUES (%s)", (WORD,))
    yield url
    postgres_server.drop(url)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["reading here", "writing in another database"])
def test_what_an_older_transaction_may_see_is_not_called_gone_until_it_is(
    postgres_server: PostgresServer, here: str, elsewhere: bool
) -> None:
    engine = sa.create_engine(here, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    beside = postgres_server.new_database() if elsewhere else here
    with psycopg.connect(beside.replace("+psycopg", "")) as older:
        older.execute("CREATE TABLE written ()" if elsewhere else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        older.execute("SELECT FROM pg_class")
        with _connected(here) as connection:
            connection.execute("UPDATE said SET words = 'erased'")
        with pytest.raises(Unavailable):
            vacuum(engine, patience=0)
        assert _left(postgres_server, here)
    vacuum(engine)
    assert not _left(postgres_server, here)


def _connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _left(server: PostgresServer, url: str) -> list[str]:
    return [path.name for path in server.files(url) if WORD.encode() in path.read_bytes()]
