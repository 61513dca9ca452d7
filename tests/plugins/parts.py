"""The parts that tests need from outside Python, as fixtures: PostgreSQL, the mock of Kafka and Apache Kafka itself.

A part that the machine lacks skips its tests, with the reason. Under CI (``CI=true``) PostgreSQL and the mock must be
there, and so must Kafka wherever its jars can be had. The last line of a run says whether the real Kafka took part.
"""

import os
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from shared.testing.kafka import JarsMissing, KafkaMissing, KafkaServer, running_kafka
from shared.testing.mock_kafka import MockKafka, MockMissing, mock_cluster
from shared.testing.postgres import PostgresMissing, PostgresServer, running_postgres

_REAL_KAFKA = pytest.StashKey[str]()
_RAN, _SAID = "ran", "real_kafka"


def scale(count: int) -> int:
    """``count``, times ``BACKBONE_TEST_SCALE`` (default 1): for tests that are worth running longer now and then."""
    return max(1, round(count * float(os.environ.get("BACKBONE_TEST_SCALE", "1"))))


# Time fails no example, for a busy machine makes any of them slow. One that fails is printed, and kept nowhere.
_UNTIMED = [HealthCheck.too_slow]
settings.register_profile(
    "backbone", max_examples=scale(50), deadline=None, suppress_health_check=_UNTIMED, database=None
)
settings.load_profile("backbone")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this run's own."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissing as missing:
        _skip(f"PostgreSQL: {missing}", fails_under_ci=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def mock_kafka() -> Iterator[MockKafka]:
    """A mock cluster of this test's own: it speaks the protocol, keeps nothing, and fails on request."""
    try:
        with mock_cluster() as mock:
            yield mock
    except MockMissing as missing:
        _skip(f"mock Kafka: {missing}", fails_under_ci=True)


@pytest.fixture(scope="session")
def kafka_server(pytestconfig: pytest.Config) -> Iterator[KafkaServer]:
    """Apache Kafka, one node of this run's own, or the one at ``BACKBONE_TEST_KAFKA``."""
    try:
        with running_kafka() as server:
            pytestconfig.stash[_REAL_KAFKA] = _RAN
            yield server
    except (JarsMissing, KafkaMissing) as missing:
        pytestconfig.stash[_REAL_KAFKA] = f"NOT RUN ({missing})"
        _skip(f"real Kafka: {missing}", fails_under_ci=not isinstance(missing, JarsMissing))


@pytest.fixture
def real_kafka(kafka_server: KafkaServer) -> str:
    """BUS_URL of a corner of the real Kafka: its topics and groups have a prefix that no other test uses."""
    return kafka_server.new_url()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Where tests run in several processes, each tells the one that writes the last line whether Kafka took part."""
    said = getattr(node, "workeroutput", {}).get(_SAID)
    if said is not None and node.config.stash.get(_REAL_KAFKA, None) != _RAN:
        node.config.stash[_REAL_KAFKA] = said


def pytest_sessionfinish(session: pytest.Session) -> None:
    told: dict[str, str] | None = getattr(session.config, "workeroutput", None)
    if told is not None and _REAL_KAFKA in session.config.stash:
        told[_SAID] = session.config.stash[_REAL_KAFKA]


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workeroutput"):
        return
    said = config.stash.get(_REAL_KAFKA, "NOT RUN (no test of this run asks for it)")
    config.get_terminal_writer().line(f"real Kafka: {said}")


def _skip(reason: str, *, fails_under_ci: bool) -> NoReturn:
    if fails_under_ci and os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, which CI must have", pytrace=False)
    pytest.skip(reason)
