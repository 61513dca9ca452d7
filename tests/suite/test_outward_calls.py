"""Whatever calls an address that somebody gave us goes by the guarded dialler, and reaches nothing inside with it."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.gateway.crm.vendors import calling as crms
from services.gateway.crm.vendors.vendor import CrmRefuses
from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks import signing
from services.gateway.webhooks.queue import Destination, Leased
from services.gateway.webhooks.sending import attempt
from services.members.life.mailings.vendors.calling import Caller
from services.members.life.mailings.vendors.tool import ToolRefuses
from services.members.trust.safeguarding.concerns import telling
from shared.dialler import Dialler
from tests.shared.dialling import names
from tests.shared.targets import INWARD, INWARD_NAMES, LOOPBACK

ROOT = Path(__file__).resolve().parents[2]
CONNECTS = re.compile(
    r"^ *(import|from) (aiohttp|ftplib|http\.client|httpx|pyreqwest|requests|smtplib|socket|urllib\.request|urllib3)\b"
    r"|\bcreate_connection\(|\bsock_connect\(|\basyncio\.open_connection\(",
    re.MULTILINE,
)
MAY = {
    "services/cli/control.py": "the process's own socket, by which it is told to end",
    "services/cli/demo/client.py": "the demo is a partner",
    "services/cli/health.py": "asks the service of its own container",
    "services/cli/ports.py": "listens",
    "services/cli/serve.py": "listens",
    "services/gateway/client.py": "writes the client that a partner runs",
    "shared/db/postgres.py": "the database, where the operator says it is",
    "shared/dialler.py": "the guarded dialler",
    "shared/http1.py": "our own services, where the operator says they are; and for the dialler, what it judged",
    "shared/resolver.py": "the dialler's look-ups",
}
"""The modules that may connect, or import what can, and why."""


async def webhook(dialler: Dialler, url: str) -> bool:
    """Whether an attempt to deliver is refused before anything is dialled."""
    item = Item("m", 1, "evt_1", "fund.created", "grants", "f", 1, "key_1", None, None, None, 1, 1, b"{}")
    to = Destination(True, "m", "hook_1", url, "*", b"")
    done = await attempt(dialler, to, signing.new_keys("hmac"), Leased("dlv_1", "hook_1", 0, None, None, item))
    return (done.error or "").startswith("address_refused") and done.address is None


async def mailing_tool(dialler: Dialler, url: str) -> bool:
    """Whether a mailing tool's API is refused."""
    try:
        await Caller(dialler, url, {}).ask("GET", "")
    except ToolRefuses as refused:
        return "address_refused" in str(refused)
    return False


async def crm(dialler: Dialler, url: str) -> bool:
    """Whether a CRM's API is refused."""
    try:
        await crms.Caller(dialler, url, {}).ask("GET", "")
    except CrmRefuses as refused:
        return refused.code == "address_refused"
    return False


async def safeguarding_notice(dialler: Dialler, url: str) -> bool:
    """Whether the lead's address is refused."""
    return not await telling.tell(dialler, url, "concern_1")


CALLERS: list[Callable[[Dialler, str], Awaitable[bool]]] = [webhook, crm, mailing_tool, safeguarding_notice]


@pytest.mark.parametrize("refused", CALLERS)
async def test_nothing_that_calls_outward_reaches_an_address_that_is_not_global(
    refused: Callable[[Dialler, str], Awaitable[bool]],
) -> None:
    async with trap() as (port, connections):
        dialler = Dialler(resolver=names(**INWARD_NAMES, localhost=["127.0.0.1"]))
        targets = [*INWARD, *(f"https://{name}/hook" for name in INWARD_NAMES)]
        targets += [f"https://{host}:{port}/hook" for host in LOOPBACK]
        assert len(targets) > 90
        assert [url for url in targets if not await refused(dialler, url)] == []
    assert connections == []


def test_nothing_but_the_dialler_connects_to_what_somebody_named() -> None:
    connecting = {
        str(path.relative_to(ROOT))
        for folder in ("services", "shared")
        for path in (ROOT / folder).rglob("*.py")
        if "testing" not in path.parts and CONNECTS.search(path.read_text())
    }
    assert connecting == MAY.keys(), "a module that calls out goes by shared.dialler; else say here why it need not"


@asynccontextmanager
async def trap() -> AsyncIterator[tuple[int, list[str]]]:
    """Listen on loopback and take note of every connection; the port, and the notes."""
    connections: list[str] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(str(writer.get_extra_info("sockname")))
        writer.transport.abort()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], connections
    finally:
        server.close()
        await server.wait_closed()
