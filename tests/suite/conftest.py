"""The suite running as processes, embedded and at scale."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.gateway.receiver import Receiver
from tests.suite.processes import Suite, at_scale, embedded


@pytest.fixture(params=["embedded", "postgres and kafka"])
def suite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Suite]:
    """The suite, not yet started, once as one process and once as four."""
    if request.param == "embedded":
        made = embedded(tmp_path)
    else:
        server = request.getfixturevalue("postgres_server")
        bus_url: str = request.getfixturevalue("real_kafka")
        databases = {service: server.new_database() for service in ("members", "measures", "grants", "gateway")}
        made = at_scale(tmp_path, databases, bus_url)
    yield made
    made.kill()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A partner's receiver on loopback."""
    async with Receiver().running() as receiver:
        yield receiver
