"""The typed client: it has a method for every operation, holds to its own types, and gets answers from a gateway."""

import asyncio
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from mypy import api as mypy

from services.cli.protocol import HttpProtocol
from services.gateway.client import source
from services.gateway.openapi import FILE
from shared.testing.serving import served
from tests.gateway.running import ON_ONE_DATABASE, Gateway


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def written(document: dict[str, Any]) -> str:
    return source(document)


@pytest.fixture
def client(written: str) -> ModuleType:
    module = ModuleType("backbone_client")
    exec(compile(written, "backbone_client.py", "exec"), module.__dict__)
    return module


def test_it_has_a_method_for_every_operation(client: ModuleType, document: dict[str, Any]) -> None:
    named = {each["operationId"] for operations in document["paths"].values() for each in operations.values()}
    assert named <= set(dir(client.Client))


def test_its_types_hold_and_a_wrong_use_of_them_is_found(written: str, tmp_path: Path) -> None:
    (tmp_path / "backbone_client.py").write_text(written, encoding="utf-8")
    (tmp_path / "use.py").write_text(
        "from backbone_client import Client\n"
        'client = Client("http://127.0.0.1", "key")\n'
        'made = client.gateway_create_key({"name": "CRM", "scopes": ["people:read"]})\n'
        'token: str = made["token"]\n'
        'client.gateway_create_key({"nam": "CRM", "scopes": ["people:read"]})\n',
        encoding="utf-8",
    )
    files = [str(tmp_path / name) for name in ("use.py", "backbone_client.py")]
    said, _, _ = mypy.run(["--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}", *files])
    at_fault = {line.rpartition("/")[2].split(": ")[0] for line in said.splitlines() if ": error:" in line}
    assert at_fault == {"use.py:5"}, said


@ON_ONE_DATABASE
async def test_it_gets_answers_and_problems_from_a_gateway(gateway: Gateway, client: ModuleType) -> None:
    key = await gateway.key("keys:*", "people:read")

    def use(port: int) -> None:
        caller = client.Client(f"http://127.0.0.1:{port}", key.token)
        made = caller.gateway_create_key({"name": "CRM", "scopes": ["people:read"]}, idempotency_key="once")
        again = caller.gateway_create_key({"name": "CRM", "scopes": ["people:read"]}, idempotency_key="once")
        assert again == made
        assert caller.headers["idempotent-replayed"] == "true"
        assert made["id"] in [each["id"] for each in caller.gateway_list_keys(limit=200)["data"]]
        assert caller.gateway_get_key(made["id"])["name"] == "CRM"
        assert caller.gateway_revoke_key(made["id"]) is None
        with pytest.raises(client.Refused) as refused:
            caller.gateway_create_key({"name": "CRM", "scopes": ["moon:read"]})
        assert (refused.value.status, refused.value.code) == (422, "invalid")

    async with served(gateway.app, HttpProtocol) as port:
        await asyncio.to_thread(use, port)


@ON_ONE_DATABASE
async def test_anybody_may_fetch_it_and_the_page_to_try_the_api_loads_nothing_from_elsewhere(
    gateway: Gateway, written: str
) -> None:
    assert (await gateway.stranger.get("/v1/client.py")).text == written
    page = await gateway.stranger.get("/docs")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "connect-src 'self'" in policy
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text
    assert 'data-path="/v1/api-keys"' in page.text
