"""Withdrawn permission stops what was queued already: for everything that sends, hands on or publishes people.

Whoever adds something that sends enters it here: how it is queued, and whether it still has the person afterwards. It
is then held to every way in which a permission ends.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest

from services.members.directory.bulk import domain as bulk
from services.members.directory.bulk.schemas import Deed
from services.members.life.mailings import audience, sending
from shared import clock
from shared.db import Context
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community import cases, mapped
from tests.members.community.steps import tie
from tests.members.engagement.gatherings.steps import book
from tests.members.engagement.gatherings.steps import published as gathering_of
from tests.members.life.mailing import asked, connected, gathered, has_address

TODAY = clock.now().date().isoformat()
NOTICE = {"name": "privacy", "version": "1"}


class Queued(NamedTuple):
    """Something on its way that has a person: what it is for, and whether it still goes out to or about them."""

    person: str
    purpose: str
    channel: str
    goes_out: Callable[[], Awaitable[bool]]


Sender = Callable[[Caller], Awaitable[Queued]]
"""Queues something of somebody new."""


async def export(members: Caller) -> Queued:
    person = await _allowing(members, "news", "email")
    path = "/v1/people/export?purpose=news&channel=email"
    return Queued(person, "news", "email", lambda: _shown(members, path, person))


async def segment(members: Caller) -> Queued:
    person = await _allowing(members, "news", "email")
    asked = {"name": "News", "filter": {"permission": {"purpose": "news", "channel": "email"}}}
    path = f"/v1/segments/{(await members.post('/v1/segments', asked))['id']}/people"
    return Queued(person, "news", "email", lambda: _shown(members, path, person))


async def open_map(members: Caller) -> Queued:
    person = await members.person()
    await mapped.published(members, person=person, kind="activity", title="Lanterns")
    path = f"/open/{members.movement}/referral/services"
    return Queued(person, "asset_map", "publication", lambda: _shown(members, path, "Lanterns"))


async def calendar_feed(members: Caller) -> Queued:
    (gathering, slot), person = await gathering_of(members), await members.person()
    await book(members, gathering, slot, person)
    path = (await members.post("/v1/calendars", {"person": person}))["path"]
    return Queued(person, "gatherings", "sharing", lambda: _shown(members, path, "SUMMARY"))


async def introduction(members: Caller) -> Queued:
    case = await cases.opened(members)
    permitted = await case.permit((await mapped.published(members))["id"])

    async def introduced() -> bool:
        answered = await members.client.post(f"{case.path}/introductions/{permitted}/introduce", json={})
        return answered.is_success

    return Queued(case.client, "introductions", "in_person", introduced)


async def bulk_change(members: Caller) -> Queued:
    person = await members.person()

    async def changed() -> bool:
        job = members.app.state.parts.db.on_behalf(Context(movement=members.movement, actor="key"))
        done = await job.write(bulk.change_some, members.movement, [person], 0, Deed(tag="called"))
        return bool(done.changed)

    return Queued(person, "administration", "record", changed)


async def network_export(members: Caller) -> Queued:
    person = await members.person()
    await tie(members, person, await members.person("Joan"))
    return Queued(person, "administration", "record", lambda: _shown(members, "/v1/network/graphml", person))


async def next_step(members: Caller) -> Queued:
    person = await members.person()
    step = {"what": "Ask again.", "kind": "call", "due_on": TODAY}
    await members.post("/v1/contact-log", {"person": person, "kind": "visit", "what": "Met.", "next_step": step})
    path = f"/v1/contact-log?due_by={TODAY}"
    return Queued(person, "administration", "phone", lambda: _shown(members, path, person))


async def mailing_list(members: Caller) -> Queued:
    person = await _allowing(members, "news", "email")
    await has_address(members, person)
    about = members.movement, asked(members, ""), [person]

    async def stays_on_it() -> bool:
        return bool(await members.app.state.parts.db.read(audience.wanted_among, *about))

    return Queued(person, "news", "email", stays_on_it)


async def mailing(members: Caller) -> Queued:
    person = await _allowing(members, "news", "email")
    await has_address(members, person)
    tool = (await connected(members, "brevo", "https://tool.invalid/v3"))["id"]
    everybody = {"name": "All", "filter": {"age_band": ["not_asked"]}}
    segment = (await members.post("/v1/segments", everybody))["id"]
    made = (await members.post("/v1/mailings", {"name": "Spring", "tool": tool, "segment": segment}))["id"]
    await gathered(members, made, segment)
    about = members.movement, made, tool, asked(members, segment), 10

    async def is_handed() -> bool:
        return bool(await members.app.state.parts.db.write(sending.next_to_hand, *about))

    return Queued(person, "news", "email", is_handed)


SENDERS = (
    export,
    segment,
    open_map,
    calendar_feed,
    introduction,
    bulk_change,
    network_export,
    next_step,
    mailing_list,
    mailing,
)


async def refusal(members: Caller, queued: Queued) -> None:
    said = {"purpose": queued.purpose, "channel": queued.channel, "decision": "refused"}
    await members.post(f"/v1/people/{queued.person}/permissions", said)


async def stop(members: Caller, queued: Queued) -> None:
    await members.post(f"/v1/people/{queued.person}/stops")


async def restriction(members: Caller, queued: Queued) -> None:
    await members.post(f"/v1/people/{queued.person}/restrictions", {"ground": "accuracy_contested"})


OWN_WORK = {bulk_change, network_export}
"""What only those see who do the movement's work: it is no part of what a stop stops."""


@ON_ONE_DATABASE
@pytest.mark.parametrize("sender", SENDERS)
async def test_what_is_queued_goes_out_while_nobody_withdraws(members: Caller, sender: Sender) -> None:
    assert await (await sender(members)).goes_out()


@ON_ONE_DATABASE
@pytest.mark.parametrize("ending", [refusal, stop, restriction])
@pytest.mark.parametrize("sender", SENDERS)
async def test_withdrawn_permission_stops_what_was_queued_already(
    members: Caller,
    sender: Sender,
    ending: Callable[[Caller, Queued], Awaitable[None]],
) -> None:
    queued = await sender(members)
    await ending(members, queued)
    assert await queued.goes_out() is (ending is stop and sender in OWN_WORK)


async def _allowing(members: Caller, purpose: str, channel: str) -> str:
    said = {"purpose": purpose, "channel": channel, "decision": "given", "notice": NOTICE}
    return str((await members.sign_up("Zenobia", permissions=[said]))["person"])


async def _shown(members: Caller, path: str, what: str) -> bool:
    answered = await members.client.get(path)
    return answered.status_code == 200 and what in answered.text
