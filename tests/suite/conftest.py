"""The suite running as processes, embedded and at scale."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.gateway.receiver import Receiver
from tests.suite.processes import Suite, at_scale, embedded, migrated


@pytest.fixture(params=["embedded", "postgres and kafka"])
def suite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Suite]:
    """The suite, not yet started, once as one process and once as four."""
    if request.param == "embedded":
        made = embedded(tmp_path)
    else:
        databases = migrated(request.getfixturevalue("postgres_server"))
        made = at_scale(tmp_path, databases, request.getfixturevalue("real_kafka"))
    yield made
    made.kill()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A partner's receiver on loopback."""
    async with Receiver().running() as receiver:
        yield receiver
