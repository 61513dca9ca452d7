"""Lists that are kept true in mailing tools: who is put on, who comes off, and that nobody who left is put on again."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import JSONResponse, Response

from services.members.life.mailings.tools import domain
from services.members.trust.permissions.domain import permitted
from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE, Alone
from tests.members.caller import Caller
from tests.members.life.mail_tools import KEY, LIST, BrevoServer, MailchimpServer, MailTool
from tests.members.life.mailing import NO, YES, Kept, allowing, edit, made_true, running, to_loopback, told
from tests.members.trust.agreeing import signed
from tests.plugins.parts import scale

Running = tuple[asyncio.Runner, FastAPI]
TOOLS = "/v1/mailings/tools"
RETURNS = "/v1/mailings/returns"


@pytest.fixture(scope="session")
def service() -> Alone:
    return to_loopback()


@pytest.fixture(params=[MailchimpServer, BrevoServer])
async def kept(request: pytest.FixtureRequest, members: Caller) -> AsyncIterator[Kept]:
    async with running(members, request.param()) as tool:
        yield tool


async def test_whoever_permits_it_is_on_the_list_and_comes_off_when_they_do_not(members: Caller, kept: Kept) -> None:
    ada = await allowing(members, "Ada@Example.org")
    ben = await allowing(members, "ben@example.org", "Ben")
    await members.sign_up("Cy", person={"emails": [{"address": "cy@example.org"}]})
    await made_true(members, kept.id)
    assert kept.there.mailable == {"ada@example.org", "ben@example.org"}
    await members.post(f"/v1/people/{ada}/permissions", NO)
    await made_true(members, kept.id)
    stop = await members.post(f"/v1/people/{ben}/stops")
    assert _obeyed(stop) is None
    await made_true(members, kept.id)
    assert kept.there.mailable == set()
    assert _obeyed(await members.get(f"/v1/people/{ben}/stops/{stop['id']}")) == 1
    shown = await members.get(f"{TOOLS}/{kept.id}")
    assert (shown["trouble"], shown["synced_at"] is None, "api_key" in shown) == (None, False, False)


def _obeyed(stop: Json) -> int | None:
    """From how many lists a stop took somebody; None while a tool has still to do it."""
    ended: dict[str, int | None] = {each["part"]: each["ended"] for each in stop["receipts"]}
    return ended["mailing_lists"]


async def test_who_unsubscribes_there_refuses_it_here_and_is_never_put_on_again(members: Caller, kept: Kept) -> None:
    ada = await allowing(members, "ada@example.org")
    await made_true(members, kept.id)
    kept.there.came_back("ada@example.org", "unsubscribed")
    assert [await told(members, kept.hook, kept.there.told[0]) for _ in range(2)] == [1, 0]
    (row,) = (await members.get(RETURNS, person=ada))["data"]
    assert (row["kind"], row["via"], row["people"]) == ("unsubscribed", "hook", [{"person": ada, "said_it": True}])
    (_, refusal) = (await members.get(f"/v1/people/{ada}/permissions"))["data"]
    assert (refusal["decision"], refusal["purpose"], refusal["channel"]) == ("refused", "news", "email")
    path = f"{RETURNS}/{row['id']}/lift"
    assert (await edit(members, path, {"why": "She rang."}, 409))["code"] == "never_resubscribed"
    await members.post(f"/v1/people/{ada}/permissions", YES | {"takes_back": refusal["id"]})
    assert (await edit(members, path, {"why": "She rang."}))["lifted_why"] == "She rang."
    await made_true(members, kept.id)
    assert kept.there.mailable == set()  # the tool's own form brings her back, and nothing of ours
    assert [each["kind"] for each in await members.every(RETURNS)] == ["unsubscribed", "blocked"]


async def test_what_a_lost_hook_would_have_told_is_learnt_by_looking(members: Caller, kept: Kept) -> None:
    ada, ben = await allowing(members, "ada@example.org"), await allowing(members, "ben@example.org", "Ben")
    await made_true(members, kept.id)
    kept.there.came_back("ada@example.org", "unsubscribed")
    await made_true(members, kept.id)
    (row,) = (await members.get(RETURNS))["data"]
    known_as = {"mailchimp": "unsubscribed", "brevo": "blocked"}[kept.there.kind]  # Brevo does not say why
    assert (row["kind"], row["via"], [each["person"] for each in row["people"]]) == (known_as, "look", [ada])
    assert kept.there.mailable == {"ben@example.org"}
    decided = len((await members.get(f"/v1/people/{ben}/permissions"))["data"])
    assert decided == 1


async def test_a_bounce_of_an_address_that_two_share_is_of_neither_and_holds_it_back(
    members: Caller, kept: Kept
) -> None:
    ada, ben = await allowing(members, "home@example.org"), await allowing(members, "HOME@example.org", "Ben")
    await made_true(members, kept.id)
    said = {"tool": kept.id, "address": "home@example.org", "kind": "bounced"}
    status, problem = await members.refused(RETURNS, said)
    assert (status, problem["code"], problem["people"].split()) == (409, "shared_address", sorted([ada, ben]))
    assert (await members.get(RETURNS))["data"] == []
    kept.there.came_back("home@example.org", "bounced")
    assert await told(members, kept.hook, kept.there.told[0]) == 1
    (row,) = (await members.get(RETURNS))["data"]
    assert (row["kind"], row["unclear"], [each["said_it"] for each in row["people"]]) == ("bounced", False, [False] * 2)
    for person in (ada, ben):
        assert len((await members.get(f"/v1/people/{person}/permissions"))["data"]) == 1
    assert (await edit(members, f"{RETURNS}/{row['id']}/lift", {"why": "It works."}))["lifted_at"] is not None


async def test_who_unsubscribed_from_a_shared_address_is_for_somebody_to_say(members: Caller, kept: Kept) -> None:
    ada, ben = await allowing(members, "home@example.org"), await allowing(members, "home@example.org", "Ben")
    await made_true(members, kept.id)
    kept.there.came_back("home@example.org", "complained")
    await told(members, kept.hook, kept.there.told[0])
    (row,) = (await members.get(RETURNS, unclear="true"))["data"]
    path = f"{RETURNS}/{row['id']}"
    assert (await edit(members, f"{path}/lift", {"why": "Hm."}, 409))["code"] == "never_resubscribed"
    stranger = await members.person()
    assert faults(await edit(members, f"{path}/settle", {"people": [stranger]}, 422)) == {"/people/0": "not_theirs"}
    settled = await edit(members, f"{path}/settle", {"people": [ben]})
    assert {each["person"]: each["said_it"] for each in settled["people"]} == {ada: False, ben: True}
    decided = [len((await members.get(f"/v1/people/{each}/permissions"))["data"]) for each in (ada, ben)]
    assert (settled["unclear"], decided, kept.there.mailable) == (False, [1, 2], set())


async def test_an_erased_person_is_deleted_in_the_tool_too(members: Caller, kept: Kept) -> None:
    ada = await allowing(members, "ada@example.org")
    await made_true(members, kept.id)
    parts = members.app.state.parts
    await parts.db.write(domain.have_forgotten, members.movement, [ada], parts.secrets)
    await made_true(members, kept.id)
    assert kept.there.asked.count(next(each for each in kept.there.asked if "DELETE" in each or "delete" in each)) == 1


@ON_ONE_DATABASE
async def test_a_tool_that_is_away_or_refuses_says_so_and_the_next_look_goes_on(members: Caller, kept: Kept) -> None:
    await allowing(members, "ada@example.org")
    away: list[Response | None] = [Response(status_code=503), JSONResponse({}, 403), Response(b"<html>"), None]
    troubles = []
    for answer in away:

        async def instead(asked: str, answer: Response | None = answer) -> Response | None:
            return answer

        kept.there.before = instead
        await made_true(members, kept.id)
        troubles.append((await members.get(f"{TOOLS}/{kept.id}"))["trouble"])
    assert troubles == ["mailing_tool_away", "mailing_tool_refuses", "mailing_tool_refuses", None]
    assert kept.there.mailable == {"ada@example.org"}


@ON_ONE_DATABASE
async def test_nobody_is_handed_over_without_an_agreement_but_whoever_leaves_comes_off(
    members: Caller, kept: Kept
) -> None:
    ada = await allowing(members, "ada@example.org")
    await made_true(members, kept.id)
    await allowing(members, "ben@example.org", "Ben")
    (agreement,) = (await members.get("/v1/agreements"))["data"]
    await edit(members, f"/v1/agreements/{agreement['id']}/end", {})
    await members.post(f"/v1/people/{ada}/permissions", NO)
    with clock.frozen(clock.now() + timedelta(days=1)):
        await made_true(members, kept.id)
    assert kept.there.mailable == set()
    assert (await members.get(f"{TOOLS}/{kept.id}"))["trouble"] == "agreement_expired"


@ON_ONE_DATABASE
async def test_a_tool_is_connected_with_all_that_it_needs_or_not_at_all(members: Caller, other: Caller) -> None:
    vendor = await members.organisation()
    body = {"kind": "mailchimp", "name": "N", "organisation": vendor, "purpose": "news", "list": LIST, "api_key": KEY}
    assert (await members.refused(TOOLS, body))[1]["code"] == "agreement_missing"
    days = {"signed_on": "2026-01-01", "review_on": (clock.now() + timedelta(days=90)).date().isoformat()}
    await signed(members, vendor, kind="processor", purposes=["news"], data_classes=["contact"], **days)
    for wrong, fault in (
        ({"organisation": await other.organisation()}, {"/organisation": "unknown_organisation"}),
        ({"kind": "brevo", "list": "x"}, {"/list": "malformed"}),
        ({"api_key": "0123456789abcdef"}, {"/api_key": "malformed"}),
        ({"url": "ftp://example.org/3.0"}, {"/url": "address_refused"}),
        ({"url": "https://10.0.0.1/3.0"}, {"/url": "address_refused"}),
    ):
        assert faults((await members.refused(TOOLS, body | wrong))[1]) == fault
    made = await members.post(TOOLS, body)
    assert made["url"] == "https://us19.api.mailchimp.com/3.0"
    assert KEY not in str(made)
    path = f"{TOOLS}/{made['id']}"
    renewed = await edit(members, f"{path}/hook")
    assert renewed["hook"] != made["hook"]
    for hook, status in ((made["hook"], 404), (renewed["hook"], 204)):
        assert (await members.client.get(hook)).status_code == status
    for wrong_body in (b"", b"\xff", b"a=b"):
        assert (await members.client.post(renewed["hook"], content=wrong_body)).status_code == 400
    assert (await other.client.get(renewed["hook"])).status_code == 404
    assert (await other.client.get(path)).status_code == 404
    await edit(members, f"{path}/end")
    assert (await members.client.get(renewed["hook"])).status_code == 404
    assert (await members.client.patch(path, json={"name": "M"}, headers={"If-Match": "*"})).status_code == 409


ADDRESSES = ("a@example.org", "b@example.org", "home@example.org")
PEOPLE = (*ADDRESSES, "home@example.org")
WHO = st.integers(0, len(PEOPLE) - 1)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["yes", "no", "stop"]), WHO),
    st.tuples(st.sampled_from(["unsubscribed", "complained", "bounced"]), st.integers(0, len(ADDRESSES) - 1)),
    st.tuples(st.just("told"), st.integers(0, 5)),
    st.tuples(st.just("look"), st.just(0)),
    st.tuples(st.just("look"), st.just(0)),
)


class World:
    """A movement, a tool, and people who say yes and no to either of them in any order."""

    def __init__(self, members: Caller, kept: Kept, people: list[str]) -> None:
        self.members, self.kept, self.people = members, kept, people
        self.gone: set[str] = set()
        """The addresses that came back: nobody is to write to them again."""

    async def take(self, step: str, which: int) -> None:
        """One thing that happens."""
        there = self.kept.there
        if step == "look":
            await made_true(self.members, self.kept.id)
        elif step == "told" and there.told:
            await told(self.members, self.kept.hook, there.told[which % len(there.told)])
        elif step == "stop":
            await self.members.post(f"/v1/people/{self.people[which]}/stops")
        elif step in ("yes", "no"):
            await self.decide(self.people[which], step)
        elif step in ("unsubscribed", "complained", "bounced") and ADDRESSES[which] in there.known:
            there.came_back(ADDRESSES[which], step)
            self.gone.add(ADDRESSES[which])

    async def decide(self, person: str, step: str) -> None:
        """A decision; a yes takes back whatever no came before it, as somebody does who means it."""
        path = f"/v1/people/{person}/permissions"
        answered = await self.members.client.post(path, json=YES if step == "yes" else NO)
        if answered.status_code == 409 and answered.json()["code"] == "withdrawn":
            await self.members.post(path, YES | {"takes_back": answered.json()["withdrawal"]})

    async def permitted(self) -> set[str]:
        """The addresses of those who permit it now."""
        db, movement, at = self.members.app.state.parts.db, self.members.movement, clock.now()
        return {
            address
            for person, address in zip(self.people, PEOPLE, strict=True)
            if await db.read(permitted, movement, person, "news", "email", at)
        }


@pytest.fixture
def running_app(service: Alone, service_url: str, tmp_path: Path, secrets_dir: Path) -> Iterator[Running]:
    """The service on a loop that a test runs by itself, for many examples one after the other."""
    with asyncio.Runner() as runner:
        alone = service.running(service_url, tmp_path, secrets_dir)
        yield runner, runner.run(alone.__aenter__())
        runner.run(alone.__aexit__(None, None, None))


@ON_ONE_DATABASE
@pytest.mark.parametrize("tool", [MailchimpServer, BrevoServer])
def test_nobody_who_came_back_is_ever_put_on_again_in_whatever_order_things_happen(
    running_app: Running, vouching: Secrets, tool: type[MailTool]
) -> None:
    runner, app = running_app

    async def tried(steps: Sequence[tuple[str, int]]) -> None:
        async with Caller(app, vouching, new_id("movement")) as members, running(members, tool()) as kept:
            world = World(members, kept, [await allowing(members, address) for address in PEOPLE])
            for step, which in [*steps, *[("told", n) for n in range(9)], ("look", 0), ("look", 0)]:
                await world.take(step, which)
                assert not world.gone & kept.there.mailable, f"put on again by {step}"
            assert kept.there.mailable <= await world.permitted() - world.gone
            assert kept.there.brought_back == []

    @settings(max_examples=scale(4))
    @given(st.lists(STEPS, min_size=4, max_size=10))
    def holds(steps: Sequence[tuple[str, int]]) -> None:
        runner.run(tried(steps))

    holds()


async def test_who_asked_for_quiet_is_on_the_quiet_list_until_the_day_is_over(members: Caller, other: Caller) -> None:
    ada, quiet = await members.person(), "/v1/mailings/quiet"
    today = clock.now().date()
    body = {"person": ada, "until": (today - timedelta(days=1)).isoformat()}
    assert faults((await members.refused(quiet, body))[1]) == {"/until": "in_the_past"}
    assert faults((await other.refused(quiet, {"person": ada}))[1]) == {"/person": "unknown_person"}
    made = await members.post(quiet, {"person": ada, "until": (today + timedelta(days=7)).isoformat()})
    assert (await members.refused(quiet, {"person": ada}))[1]["code"] == "quiet_already"
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert (await members.get(quiet))["data"] == []
    assert [row["id"] for row in (await members.get(quiet))["data"]] == [made["id"]]
    assert (await other.refused(f"{quiet}/{made['id']}/end"))[0] == 404
    await members.post(f"{quiet}/{made['id']}/end", status=200)
    assert (await members.get(quiet))["data"] == []
