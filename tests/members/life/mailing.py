"""The steps that tests of mailings begin with."""

from datetime import timedelta

from services.members.app import create_app
from services.members.life.mailings import syncing
from services.members.life.mailings.tools import domain, store
from services.members.life.mailings.vendors.tool import AtTool
from shared import clock
from shared.db import Context
from shared.settings import Settings
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from shared.testing.service import Alone
from tests.members.caller import Caller
from tests.members.life.mail_tools import KEY, LIST
from tests.members.trust.agreeing import signed

NOTICE = {"name": "privacy", "version": "1"}
YES = {"purpose": "news", "channel": "email", "decision": "given", "notice": NOTICE}
NO = {"purpose": "news", "channel": "email", "decision": "refused"}


def to_loopback() -> Alone:
    """The service, which may call tools on this machine."""
    return Alone("members", lambda said: create_app(_with_loopback(said)))


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


async def on_a_mailing_list(members: Caller, person: str) -> None:
    """Note that somebody is on a list, in a tool of which there is nothing but that."""
    tool = (await connected(members, "brevo", "https://tool.invalid/v3"))["id"]
    parts = members.app.state.parts
    await parts.db.write(domain.stands, members.movement, tool, "ada@example.org", person, AtTool.ON)


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


def _with_loopback(said: Settings) -> Settings:
    return said.model_copy(update={"webhooks_to_loopback": True})
