"""What the packages sign by which others send webhooks is taken at our hooks: Standard Webhooks' and Svix's, of both
Python and npm."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from svix.webhooks import Webhook as SvixWebhook

from shared import clock
from tests.gateway.crm.connecting import Connected
from tests.gateway.crm.test_hooks import hooked
from tests.gateway.npm import by_node
from tests.gateway.running import ON_ONE_DATABASE

SECRET = "whsec_" + b64encode(b"thirty-two bytes of a sender's..").decode()
ANOTHER = "whsec_" + b64encode(b"thirty-two bytes of a stranger's").decode()
HEADERS = {"standardwebhooks": "webhook", "svix": "svix"}
"""What the headers of each package's senders begin with."""
SIGN = """
const { readFileSync } = require("fs");
const { name, secret, id, at, body } = JSON.parse(readFileSync(0, "utf8"));
const { Webhook } = require(name);
console.log(JSON.stringify(new Webhook(secret).sign(id, new Date(at * 1000), body)));
"""

Sign = Callable[[str, str, int, str], str]
"""Makes a signature with a secret, of a message with an id and a body, at an instant (unix seconds)."""


@ON_ONE_DATABASE
@pytest.mark.parametrize("name", HEADERS)
async def test_what_a_package_for_python_signs_is_taken(crm: Connected, name: str) -> None:
    def sign(secret: str, id_: str, at: int, body: str) -> str:
        package = Webhook(secret) if name == "standardwebhooks" else SvixWebhook(secret)
        return package.sign(id_, datetime.fromtimestamp(at, UTC), body)

    await taken_once_and_from_nobody_else(crm, name, sign)


@ON_ONE_DATABASE
@pytest.mark.parametrize("name", HEADERS)
async def test_what_a_package_of_npm_signs_is_taken(crm: Connected, name: str, packages: Path) -> None:
    def sign(secret: str, id_: str, at: int, body: str) -> str:
        return str(by_node(packages, SIGN, name=name, secret=secret, id=id_, at=at, body=body))

    await taken_once_and_from_nobody_else(crm, name, sign)


async def taken_once_and_from_nobody_else(crm: Connected, name: str, sign: Sign) -> None:
    there = await hooked(crm, scheme="standard_webhooks", secret=SECRET)
    now, said = clock.milliseconds() // 1000, json.dumps({"id": 101, "first_name": "Zoë"}, ensure_ascii=False)

    async def called(
        secret: str = SECRET, message: str = "msg_1", at: int = now, body: str = said
    ) -> tuple[int, object]:
        signed = {"id": message, "timestamp": str(at), "signature": sign(secret, message, at, said)}
        headers = {f"{HEADERS[name]}-{field}": value for field, value in signed.items()}
        answer = await crm.gateway.stranger.ask("POST", there.called, content=body.encode(), headers=headers)
        return answer.status_code, answer.json().get("taken")

    assert await called() == (202, 1)
    assert await called() == (202, 0), "what is sent again is taken once"
    assert await called(message="msg_2") == (202, 1)
    assert await called(secret=ANOTHER) == (401, None)
    assert await called(at=now - 301) == (401, None)
    assert await called(body=said.replace("Zoë", "Eve")) == (401, None)
