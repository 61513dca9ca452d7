"""The hook at which a CRM calls: who may, what is kept, and what its log shows.

Its messages wait: nothing takes them up while the connection is paused.
"""

import asyncio
import json
import time
from base64 import b64encode
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import orm

from services.gateway.inbound import domain, store
from services.gateway.inbound.erasing import forget_what_crms_said
from services.gateway.inbound.models import Message
from shared import clock
from shared.db.types import microseconds
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.testing.eventually import eventually
from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.connecting import CONNECTIONS, Connected
from tests.gateway.crm.servers import Json
from tests.gateway.crm.test_hook_signatures import by_the_library
from tests.gateway.running import ON_ONE_DATABASE

ADA = {"id": 101, "first_name": "Ada", "email_primary.email": "ada@example.org"}


class Hooked:
    """A CRM with a hook, whose connection is paused."""

    def __init__(self, crm: Connected, connection: Json, secret: str) -> None:
        self.crm = crm
        self.path = f"{CONNECTIONS}/{connection['id']}"
        self.called = f"/v1/hooks/{connection['id']}"
        self.secret = secret

    async def call(self, said: object, **headers: str) -> httpx.Response:
        """Call it with the shared secret."""
        named = {"backbone-hook-secret": self.secret} | {name.replace("_", "-"): text for name, text in headers.items()}
        return await self.crm.gateway.stranger.ask("POST", self.called, content=json.dumps(said), headers=named)

    async def messages(self, **query: str) -> list[Json]:
        """The log, the newest first."""
        answered = await self.crm.us.get(f"{self.path}/messages", params=query)
        assert answered.status_code == 200, answered.text
        listed: list[Json] = answered.json()["data"]
        return listed


async def hooked(crm: Connected, **said: object) -> Hooked:
    body = crm.body(CiviCrmServer(), "http://127.0.0.1:9")
    connection = await crm.us.made(CONNECTIONS, body)
    await crm.change(connection, status="paused")
    hook = await crm.us.made(f"{CONNECTIONS}/{connection['id']}/hook", {"scheme": "shared_secret", **said})
    assert hook["path"] == f"/v1/hooks/{connection['id']}"
    return Hooked(crm, connection, hook["secret"])


async def test_a_call_is_kept_and_answered_and_what_is_told_again_is_kept_once(crm: Connected) -> None:
    there = await hooked(crm)
    first = await there.call(ADA, webhook_id="msg_1")
    assert (first.status_code, first.json()) == (202, {"taken": 1})
    assert (await there.call(ADA, webhook_id="msg_1")).json() == {"taken": 0}
    assert (await there.call(ADA, webhook_id="msg_2")).json() == {"taken": 1}, "it is so again"
    (second, one) = await there.messages()
    assert (one["record"], one["kind"], one["state"], one["person"]) == ("101", "changed", "pending", None)
    assert second["id"] > one["id"]


@ON_ONE_DATABASE
async def test_a_call_is_answered_within_a_second_though_nobody_answers_who_is_asked_to_take_it_up(
    crm: Connected,
) -> None:
    there = await hooked(crm, basis="legitimate_interests", reads=False)
    crm.members.hangs = True
    await crm.gateway.platform.ask("PATCH", there.path, json={"status": "enabled"}, headers={"if-match": "*"})
    for number in range(20):
        began = time.monotonic()
        assert (await there.call(ADA | {"id": number})).json() == {"taken": 1}
        assert time.monotonic() - began < 1
    await eventually(lambda: any("/internal/crm/people" in asked.path for asked in crm.members.asked))
    assert len(await there.messages(state="pending")) == 20


@ON_ONE_DATABASE
async def test_what_waits_for_members_is_taken_up_soon_after_however_long_that_was(crm: Connected) -> None:
    there = await hooked(crm, basis="legitimate_interests", reads=False)
    await there.call(ADA)
    (message,) = await there.messages()
    crm.members.is_away = True
    await crm.gateway.platform.ask("PATCH", there.path, json={"status": "enabled"}, headers={"if-match": "*"})

    def kept(session: orm.Session) -> tuple[str | None, int, int]:
        found = store.message(session, crm.movement, message["id"])
        assert found is not None
        return found.code, found.attempts, found.due_at

    with clock.frozen(clock.now()) as stopped:
        for _ in range(7):
            put_off = ("unavailable", 0, microseconds(clock.now() + timedelta(seconds=5)))

            async def is_put_off(put_off: tuple[str, int, int] = put_off) -> bool:
                return await crm.gateway.parts.db.read(kept) == put_off

            await eventually(is_put_off)
            stopped.advance(timedelta(seconds=5))


@ON_ONE_DATABASE
async def test_without_an_id_a_repetition_is_what_says_the_same_right_after(crm: Connected) -> None:
    there = await hooked(crm)
    augusta, beryl = ADA | {"first_name": "Augusta"}, ADA | {"id": 102}
    taken = [(await there.call(said)).json()["taken"] for said in (ADA, ADA, beryl, ADA, augusta, ADA, [ADA, beryl])]
    assert taken == [1, 0, 1, 0, 1, 1, 0], "she may come to be as she was before"


@ON_ONE_DATABASE
async def test_the_log_has_no_word_of_what_was_said_and_the_database_keeps_it_sealed(crm: Connected) -> None:
    there = await hooked(crm)
    await there.call(ADA)
    (message,) = await there.messages()
    assert "ada@example.org" not in json.dumps(message)
    assert "Ada" not in json.dumps(message)
    kept = await crm.gateway.parts.db.read(lambda session: session.get(Message, (crm.movement, message["id"])))
    assert kept is not None
    assert kept.said is not None
    assert b"ada@example.org" not in kept.said
    reached = await there.call({"id": "ada@example.org"})
    assert reached.status_code == 422, "a record is not called by how somebody is reached: the log would show it"


@ON_ONE_DATABASE
@pytest.mark.parametrize("sent", [{}, {"backbone-hook-secret": "another-secret-of-that-length-or-more"}])
async def test_whoever_does_not_show_that_they_are_the_crm_is_refused_and_nothing_is_kept(
    crm: Connected, sent: dict[str, str]
) -> None:
    there = await hooked(crm)
    refused = await crm.gateway.stranger.ask("POST", there.called, json=ADA, headers=sent)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_verified")
    nowhere = await crm.gateway.stranger.ask("POST", f"{there.called[:-1]}{'0' if there.called[-1] != '0' else '1'}")
    assert nowhere.status_code == 404
    for method in ("GET", "PUT", "DELETE"):
        assert (await crm.gateway.stranger.ask(method, there.called)).status_code == 405
    assert await there.messages() == []


@ON_ONE_DATABASE
async def test_a_secret_is_replaced_without_a_call_that_is_refused(crm: Connected) -> None:
    given = "whsec_" + b64encode(b"thirty-two bytes of a CRM's own!").decode()
    there = await hooked(crm, scheme="standard_webhooks", secret=given)
    assert there.secret is None, "it is theirs, and not shown"

    async def signed(secret: str, message: str) -> int:
        at = clock.milliseconds() // 1000
        body = json.dumps(ADA | {"id": message}).encode()
        headers = by_the_library(secret, at, body)
        answer = await crm.gateway.stranger.ask("POST", there.called, content=body, headers=headers)
        return answer.status_code

    assert await signed(given, "1") == 202
    replaced = await crm.us.post(f"{there.path}/hook/secret", {})
    fresh = replaced.json()["secret"]
    assert [await signed(secret, "2") for secret in (fresh, given)] == [202, 202]
    with clock.frozen(clock.now() + timedelta(hours=24, minutes=1)):
        assert [await signed(secret, "3") for secret in (fresh, given)] == [202, 401]


@ON_ONE_DATABASE
async def test_a_hook_is_opened_once_with_expressions_that_are_some_and_closed(crm: Connected) -> None:
    there = await hooked(crm)
    again = await crm.us.post(f"{there.path}/hook", {"scheme": "shared_secret"})
    assert (again.status_code, again.json()["code"]) == (409, "has_hook")
    shown = await crm.us.get(f"{there.path}/hook")
    assert (shown.headers["etag"], "secret" in shown.json()) == ('"1"', False)
    closed = await crm.us.ask("DELETE", f"{there.path}/hook", headers={"if-match": '"1"'})
    assert closed.status_code == 204
    assert (await there.call(ADA)).status_code == 404
    for wrong, pointer in (
        ({"scheme": "hubspot_v3"}, "/secret"),
        ({"scheme": "shared_secret", "secret": "q" * 30, "records": "[["}, "/records"),
        ({"scheme": "shared_secret", "record_id": " | ".join(["[@,@]"] * 30)}, "/record_id"),
        ({"scheme": "standard_webhooks", "secret": "no base 64 of 24 bytes or more"}, "/secret"),
        ({"scheme": "morse"}, "/scheme"),
    ):
        refused = await crm.us.post(f"{there.path}/hook", wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer), wrong
    assert (await crm.us.get(f"{there.path}/hook")).status_code == 404


@ON_ONE_DATABASE
async def test_what_a_crm_said_is_forgotten_after_its_days_and_cannot_be_taken_up_then(crm: Connected) -> None:
    there = await hooked(crm)
    await there.call(ADA)
    with clock.frozen(clock.now() + timedelta(days=8)):
        await crm.gateway.parts.db.write(domain.forget_old, timedelta(days=7))
    (message,) = await there.messages()
    assert (message["state"], await there.messages(state="pending")) == ("expired", [])
    retried = await crm.us.post(f"{there.path}/messages/{message['id']}/retry", {})
    assert (retried.status_code, retried.json()["code"]) == (409, "message_gone")


@ON_ONE_DATABASE
async def test_another_movements_hooks_messages_and_conflicts_are_not_there(crm: Connected) -> None:
    there = await hooked(crm)
    await there.call(ADA)
    (message,) = await there.messages()
    other = await crm.gateway.other_movement()
    for path in ("hook", "messages", f"messages/{message['id']}", "conflicts"):
        assert (await other.get(f"{there.path}/{path}")).status_code == 404, path
    for path in ("hook", "hook/secret", f"messages/{message['id']}/retry"):
        body = {"scheme": "shared_secret"} if path == "hook" else {}
        assert (await other.post(f"{there.path}/{path}", body)).status_code == 404, path


@ON_ONE_DATABASE
async def test_what_a_crm_said_of_somebody_goes_when_they_are_erased_though_they_were_never_entered(
    crm: Connected,
) -> None:
    there = await hooked(crm)
    await there.call([ADA, {"id": 102, "first_name": "Beryl"}])
    counts: list[int] = []
    db = Counted(crm.gateway.parts.acting_in(crm.movement), lambda _, records: counts.append(records))
    marks = Marks(people=["person_01j5x3m0e8f7v9q2k4t6w8y0ac"], addresses=["ada@example.org"])
    await forget_what_crms_said(crm.gateway.parts, db, crm.movement, marks)
    beryl, ada = await there.messages()
    assert (ada["state"], ada["code"], beryl["state"], counts) == ("expired", "erased", "pending", [1])


async def test_the_same_call_many_times_at_once_is_kept_once(crm: Connected) -> None:
    there = await hooked(crm)
    answers = await asyncio.gather(*(there.call(ADA, webhook_id="msg_1") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert sum(answer.json()["taken"] for answer in answers) == 1
    assert len(await there.messages()) == 1
