"""The steps that tests of mailings begin with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple

from services.members.app import create_app
from services.members.life.mailings import sending, syncing
from services.members.life.mailings.audience import Asked
from services.members.life.mailings.tools import domain, store
from services.members.life.mailings.vendors.tool import AtTool
from shared import clock
from shared.db import Context
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from shared.testing.service import Alone
from shared.testing.serving import served
from tests.members.caller import Caller
from tests.members.life.mail_tools import KEY, LIST, MailTool
from tests.members.trust.agreeing import signed

NOTICE = {"name": "privacy", "version": "1"}
YES = {"purpose": "news", "channel": "email", "decision": "given", "notice": NOTICE}
NO = {"purpose": "news", "channel": "email", "decision": "refused"}


class Kept(NamedTuple):
    """A tool of a movement, and the server behind it."""

    there: MailTool
    id: str
    hook: str


def to_loopback(**other: object) -> Alone:
    """The service, which may call tools on this machine; ``other`` are further settings."""
    settings = {"webhooks_to_loopback": True, **other}
    return Alone("members", lambda said: create_app(said.model_copy(update=settings)))


@asynccontextmanager
async def running(members: Caller, there: MailTool) -> AsyncIterator[Kept]:
    """A tool that is connected while the block lasts."""
    async with served(there.app) as port:
        made = await connected(members, there.kind, f"http://127.0.0.1:{port}")
        yield Kept(there, made["id"], made["hook"])
        await members.client.post(f"/v1/mailings/tools/{made['id']}/end", headers={"If-Match": "*"})


async def edit(members: Caller, path: str, body: object = None, status: int = 200) -> Json:
    """Post an edit of whatever version there is."""
    answered = await members.client.post(path, json=body, headers={"If-Match": "*"})
    assert answered.status_code == status, answered.text
    answer: Json = answered.json()
    return answer


async def connected(members: Caller, kind: str, url: str, **other: object) -> Json:
    """A tool's list that is kept true for the purpose `news`."""
    vendor = await members.organisation("A mailing company")
    today = clock.now().date()
    days = {
        "signed_on": (today - timedelta(days=30)).isoformat(),
        "review_on": (today + timedelta(days=90)).isoformat(),
    }
    await signed(members, vendor, kind="processor", purposes=["news"], data_classes=["contact"], **days)
    body = {"kind": kind, "name": "Newsletter", "organisation": vendor, "purpose": "news", "list": LIST}
    return await members.post("/v1/mailings/tools", {**body, "api_key": KEY, "url": url, **other})


async def allowing(members: Caller, address: str, given_name: str = "Ada") -> str:
    """The id of somebody with that address who said yes to news by e-mail."""
    about = {"emails": [{"address": address}]}
    return str((await members.sign_up(given_name, person=about, permissions=[YES]))["person"])


async def has_address(members: Caller, person: str, address: str = "zenobia@example.org") -> None:
    """Give somebody an address."""
    changes, headers = {"emails": [{"address": address}]}, {"If-Match": "*"}
    answered = await members.client.patch(f"/v1/people/{person}", json=changes, headers=headers)
    assert answered.status_code == 200, answered.text


async def on_a_mailing_list(members: Caller, person: str) -> None:
    """Note that somebody is on a list, in a tool of which there is nothing but that."""
    tool = (await connected(members, "brevo", "https://tool.invalid/v3"))["id"]
    parts = members.app.state.parts
    await parts.db.write(domain.stands, members.movement, tool, "ada@example.org", person, AtTool.ON)


def asked(members: Caller, segment: str) -> Asked:
    """What a mailing of the purpose `news` to a segment asks."""
    parts = members.app.state.parts
    return Asked("news", segment, parts.settings, parts.secrets)


async def gathered(members: Caller, mailing: str, segment: str) -> None:
    """Take the first step of sending a mailing: who is in it, and who is left out."""
    about = members.movement, mailing, asked(members, segment)
    await members.app.state.parts.db.write(sending.gather, *about, "", 100)


async def made_true(members: Caller, tool: str) -> None:
    """Have the list looked after once, from its beginning to its end."""
    parts, movement = members.app.state.parts, members.movement
    db = parts.db.on_behalf(Context(movement, "test"))

    async def claimed() -> bool:
        now = clock.now()
        row = await db.write(store.claim, movement, tool, now, now + timedelta(minutes=5))
        if row is not None:
            await syncing.sync(parts, db, row)
        return row is not None

    await eventually(claimed)


async def told(members: Caller, hook: str, call: tuple[str, bytes]) -> int:
    """Deliver what a tool tells its hook; how much of it was new."""
    kind, body = call
    answered = await members.client.post(hook, content=body, headers={"content-type": kind})
    assert answered.status_code == 200, answered.text
    return int(answered.json()["taken"])
