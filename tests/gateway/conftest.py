"""The gateway running on each database, with stand-ins in the places of the services behind it."""

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.gateway.app import create_app
from services.gateway.nouns import SERVICES
from shared import upstream
from shared.bus import open_bus
from shared.events.envelope import topic
from shared.secrets import Secrets
from shared.settings import Settings
from tests.gateway.running import Gateway
from tests.gateway.standin import StandIn
from tests.gateway.templates import Templates


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, vouching: Secrets) -> Templates:
    """Databases to be copied."""
    return Templates(tmp_path_factory.mktemp("gateway"), vouching)


@pytest.fixture(params=["sqlite", "postgres"])
def gateway_url(
    request: pytest.FixtureRequest, templates: Templates, secrets_dir: Path, tmp_path: Path
) -> Iterator[str]:
    """The address of a database, once on SQLite and once on PostgreSQL: after a first start for those who ask for the
    `gateway`, else migrated and without rows. The secrets lie where a gateway with its data in `tmp_path` has them.
    """
    shutil.copytree(secrets_dir, tmp_path / "secrets")
    started = "gateway" in request.fixturenames
    if request.param == "sqlite":
        yield templates.sqlite(tmp_path, started=started)
    else:
        server = request.getfixturevalue("postgres_server")
        url = templates.postgres(server, started=started)
        yield url
        server.drop(url)


@pytest.fixture
def gateway_settings(gateway_url: str, tmp_path: Path) -> Settings:
    """Settings of a gateway; a test that needs others overrides this."""
    return Settings(data_dir=tmp_path, database=SecretStr(gateway_url))


@pytest.fixture
def standins() -> Iterator[Mapping[str, StandIn]]:
    """The services behind the gateway, as it reaches them in its own process."""
    made = {service: StandIn() for service in SERVICES}
    for service, standin in made.items():
        upstream.register(service, standin)
    yield made
    for service, standin in made.items():
        upstream.unregister(service, standin)


@pytest.fixture
async def gateway_app(gateway_settings: Settings) -> AsyncIterator[FastAPI]:
    """The gateway, started."""
    bus = open_bus(gateway_settings.bus_url)
    await bus.ensure_topics([topic(service) for service in ("gateway", *SERVICES)])
    app = create_app(gateway_settings)
    async with app.router.lifespan_context(app):
        yield app
    await bus.close()


@pytest.fixture
async def gateway(
    gateway_app: FastAPI, gateway_url: str, templates: Templates, standins: Mapping[str, StandIn]
) -> AsyncIterator[Gateway]:
    """A gateway after its first start, and its callers."""
    transport = httpx.ASGITransport(gateway_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Gateway(gateway_app, client, templates.told(gateway_url), standins)
