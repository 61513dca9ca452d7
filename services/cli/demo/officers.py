"""Two people of the anchor organisation, with accounts for as long as a run lasts: no key may move money.

On the suite's own machine its owner makes the accounts, by the door of the data folder; elsewhere the key does, if it
may. Accounts that a killed run left are closed by the next.
"""

import secrets as random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NamedTuple

import msgspec

from services.cli import control
from services.cli.demo.client import Api
from services.cli.demo.people import sign_in
from services.cli.errors import Refused
from shared.settings import Settings

DOMAIN = "officers.alderbrook.example"
"""What the addresses of the two end in; nobody else's do."""
_NAMES = ("Anna", "Ben")


class Login(NamedTuple):
    """What somebody signs in with."""

    email: str
    password: str


class Officers(NamedTuple):
    """The API as each of the two: one proposes payments, the other approves them."""

    first: Api
    second: Api


Replace = Callable[[str], Awaitable[Sequence[Login]]]
"""Closes the accounts of an earlier run, and makes those for an organisation by its id; for none (empty), none."""

OfficersOf = Callable[[str], AbstractAsyncContextManager[Officers]]
"""The two of an organisation, by its id, for as long as a block lasts."""


class _User(msgspec.Struct):
    id: str
    email: str
    ended_at: str | None = None


class _Created(msgspec.Struct):
    email: str
    password: str


def addresses() -> list[str]:
    """Two addresses that nobody has had: that of a closed account is not free again."""
    return [f"{name.lower()}.{random.token_hex(4)}@{DOMAIN}" for name in _NAMES]


@asynccontextmanager
async def signed_in(api: Api, replace: Replace, movement: str | None, organisation: str) -> AsyncIterator[Officers]:
    """The two, signed in while the block lasts; their accounts are closed with it."""
    first, second = await replace(organisation)
    try:
        yield Officers(
            api.signed_in(await sign_in(api, *first, movement)), api.signed_in(await sign_in(api, *second, movement))
        )
    finally:
        await replace("")


def by_key(api: Api) -> Replace:
    """Accounts made with the caller's own key."""

    async def replace(organisation: str) -> Sequence[Login]:
        for user in await api.every("/v1/users", _User):
            if user.email.endswith(f"@{DOMAIN}") and user.ended_at is None:
                await api.delete(f"/v1/users/{user.id}")
        made = []
        for email in addresses() if organisation else ():
            asked = {"email": email, "name": email.partition(".")[0].title(), "role": "coordinator"}
            created = await api.post("/v1/users", _Created, asked | {"organisation": organisation})
            made.append(Login(created.email, created.password))
        return made

    return replace


def by_owner(settings: Settings, movement: str | None) -> Replace:
    """Accounts made by the suite that runs on this machine's data folder."""

    async def replace(organisation: str) -> Sequence[Login]:
        asked = {"organisation": organisation} | ({"movement": movement} if movement else {})
        reply = await control.ask(settings.data_dir, control.Request("demo-officers", asked))
        if reply is None or reply.refused is not None:
            raise Refused("the suite stopped" if reply is None else str(reply.refused))
        return msgspec.json.decode(reply.text, type=list[Login])

    return replace
