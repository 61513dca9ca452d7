"""The bus on each of its backends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.bus import Bus, open_bus
from shared.testing.mock_kafka import MockKafka
from tests.contract.reading import OTHER, TOPIC


@pytest.fixture(params=["sqlite", "mock", "real"])
def bus_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bus.db'}"
    if request.param == "real":
        url: str = request.getfixturevalue("real_kafka")
        return url
    mock: MockKafka = request.getfixturevalue("mock_kafka")
    for topic in (TOPIC, OTHER):
        mock.create_topic(topic)
    return mock.url


@pytest.fixture
async def bus(bus_url: str) -> AsyncIterator[Bus]:
    opened = open_bus(bus_url)
    await opened.ensure_topics([TOPIC, OTHER])
    yield opened
    await opened.close()
