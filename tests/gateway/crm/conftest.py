"""A running gateway whose members service knows people, and connections of it to CRMs on loopback."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.gateway.nouns import SERVICES
from shared import upstream
from shared.settings import Settings
from tests.gateway.crm.connecting import Connected
from tests.gateway.crm.directory import Directory
from tests.gateway.crm.everywhere import There, connected_everywhere
from tests.gateway.log import Log
from tests.gateway.npm import packages
from tests.gateway.running import Gateway
from tests.gateway.standin import StandIn

__all__ = ["packages"]


@pytest.fixture
def gateway_settings(gateway_url: str, tmp_path: Path) -> Settings:
    """Settings of a gateway that may call CRMs on this machine."""
    return Settings(data_dir=tmp_path, database=SecretStr(gateway_url), webhooks_to_loopback=True)


@pytest.fixture
def standins() -> Iterator[Mapping[str, StandIn]]:
    """The services behind the gateway: members knows people."""
    made = {service: Directory() if service == "members" else StandIn() for service in SERVICES}
    for service, standin in made.items():
        upstream.register(service, standin)
    yield made
    for service, standin in made.items():
        upstream.unregister(service, standin)


@pytest.fixture
async def crm(gateway: Gateway) -> Connected:
    """Our movement, its people, the log, and its connections."""
    members = gateway.standins["members"]
    assert isinstance(members, Directory)
    movement: str = (await gateway.platform.get("/v1/movements")).json()["data"][0]["id"]
    us = Connected(gateway, gateway.platform, members, Log(gateway.parts.bus), movement)
    await us.cover()
    return us


@pytest.fixture
async def everywhere(crm: Connected) -> AsyncIterator[list[There]]:
    """A CRM of each kind, connected."""
    async with connected_everywhere(crm) as made:
        yield made
