"""What is compiled for one database of a process is not compiled again for the next."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.db import Session, open_database
from shared.db.dialects import COMPILED


@pytest.fixture(params=["sqlite", "postgres"])
def two_urls(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """The addresses of two empty databases of one kind."""
    if request.param == "sqlite":
        return [f"sqlite:///{tmp_path / name}.db" for name in ("one", "other")]
    url: str = request.getfixturevalue("postgres_url")
    return [url, url]


async def test_what_one_database_compiled_the_others_take(two_urls: list[str]) -> None:
    asked = sa.select(sa.literal(42, sa.Integer()).label("asked_of_two"))

    def ask(session: Session) -> int:
        return session.scalars(asked).one()

    for url in two_urls:
        database = open_database(url)
        await database.open()
        assert await database.read(ask) == 42
        assert await database.write(ask) == 42
        await database.close()
    kind = "sqlite" if two_urls[0].startswith("sqlite") else "postgresql"
    compiled = [each for each in COMPILED.values() if "asked_of_two" in str(each) and each.dialect.name == kind]
    assert len(compiled) == 1
