"""The bus on each of its backends, and a flow of events over it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.bus import Bus, open_bus
from shared.db import infrastructure, open_database
from shared.events.envelope import topic
from shared.testing.mock_kafka import MockKafka
from tests.contract.flow import Flow, metadata
from tests.contract.reading import OTHER, TOPIC


@pytest.fixture(params=["sqlite", "mock", "real"])
def bus_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bus.db'}"
    if request.param == "real":
        url: str = request.getfixturevalue("real_kafka")
        return url
    mock: MockKafka = request.getfixturevalue("mock_kafka")
    for name in (TOPIC, OTHER):
        mock.create_topic(name)
    return mock.url


@pytest.fixture
async def bus(bus_url: str) -> AsyncIterator[Bus]:
    opened = open_bus(bus_url)
    await opened.ensure_topics([TOPIC, OTHER])
    yield opened
    await opened.close()


@pytest.fixture(params=["embedded", "mock kafka", "real kafka"])
async def flow(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Flow]:
    match request.param:
        case "embedded":
            urls = [f"sqlite:///{tmp_path}/publisher.db", f"sqlite:///{tmp_path}/reader.db"]
            bus_url = f"sqlite:///{tmp_path}/bus.db"
        case kind:
            server = request.getfixturevalue("postgres_server")
            urls = [server.new_database(), server.new_database()]
            kafka = request.getfixturevalue(kind.replace(" ", "_"))
            if isinstance(kafka, MockKafka):
                kafka.create_topic(topic("things"))  # it has no admin calls
            bus_url = kafka.url if isinstance(kafka, MockKafka) else kafka
    publisher, reader = (open_database(url, pool=4) for url in urls)
    bus = open_bus(bus_url)
    await bus.ensure_topics([topic("things")])
    for database in (publisher, reader):
        await database.open()
        await database.write(lambda session: infrastructure.metadata.create_all(session.connection()))
    await reader.write(lambda session: metadata.create_all(session.connection()))
    yield Flow(publisher, bus, reader)
    for closing in (publisher, reader, bus):
        await closing.close()
