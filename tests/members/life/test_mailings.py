"""Mailings: who is written to is decided when it is sent, who is left out is told why, and it is sent once."""

from collections.abc import AsyncIterator

import pytest
from starlette.responses import Response

from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE, Alone
from tests.members.caller import Caller
from tests.members.life.mail_tools import BrevoServer, MailchimpServer
from tests.members.life.mailing import NO, YES, Kept, allowing, edit, made_true, running, to_loopback, told

MAILINGS = "/v1/mailings"


@pytest.fixture(scope="session")
def service() -> Alone:
    return to_loopback(mailing_cap=2)


@pytest.fixture(params=[MailchimpServer, BrevoServer])
async def kept(request: pytest.FixtureRequest, members: Caller) -> AsyncIterator[Kept]:
    async with running(members, request.param()) as tool:
        yield tool


async def begun(members: Caller, kept: Kept, **other: object) -> str:
    """The id of a mailing to everybody, with a campaign that was written in the tool."""
    everybody = {"name": "All", "filter": {"age_band": ["not_asked"]}}
    segment = (await members.post("/v1/segments", everybody))["id"]
    body = {"name": "Spring walks", "tool": kept.id, "segment": segment, "campaign": "c1", **other}
    return str((await members.post(MAILINGS, body))["id"])


async def sent(members: Caller, mailing: str) -> Json:
    """The mailing, once the job that sends it is over."""
    job = (await edit(members, f"{MAILINGS}/{mailing}/send", status=202))["id"]

    async def over() -> bool:
        return bool((await members.get(f"/v1/jobs/{job}"))["finished_at"])

    await eventually(over, within=20)
    return await members.get(f"{MAILINGS}/{mailing}")


async def left_out(members: Caller, mailing: str) -> dict[str, str]:
    rows = await members.every(f"{MAILINGS}/{mailing}/recipients", state="left_out")
    return {row["person"]: row["reason"] for row in rows}


async def test_it_goes_to_whoever_permits_it_when_it_is_sent_and_not_when_it_was_previewed(
    members: Caller, kept: Kept
) -> None:
    ada, ben, cy = [await allowing(members, f"{name}@example.org", name) for name in ("ada", "ben", "cy")]
    dora = str((await members.sign_up("Dora", person={"emails": [{"address": "dora@example.org"}]}))["person"])
    mailing = await begun(members, kept)
    before = await members.get(f"{MAILINGS}/{mailing}/preview")
    assert before == {"going": 3, "left_out": [{"reason": "not_permitted", "people": 1, "some": [dora]}]}
    await members.post(f"/v1/people/{ada}/permissions", NO)
    await members.post(f"/v1/people/{dora}/permissions", YES)
    await members.post(f"{MAILINGS}/quiet", {"person": ben})
    after = await sent(members, mailing)
    assert kept.there.sent == [("c1", {"cy@example.org", "dora@example.org"})]
    assert (after["state"], after["handed"]) == ("sent", 2)
    assert await left_out(members, mailing) == {ada: "not_permitted", ben: "quiet"}
    handed = await members.every(f"{MAILINGS}/{mailing}/recipients", state="handed")
    assert {row["person"] for row in handed} == {cy, dora}
    event = {"mailing": mailing, "tool": kept.id, "people": 2}
    assert await members.published(mailing) == [("mailing.sent", event)]
    assert (await edit(members, f"{MAILINGS}/{mailing}/send", status=409))["code"] == "illegal_transition"


async def test_whoever_withdraws_while_it_is_being_sent_does_not_get_it(members: Caller, kept: Kept) -> None:
    ada, _ = await allowing(members, "ada@example.org"), await allowing(members, "ben@example.org", "Ben")
    mailing = await begun(members, kept)
    withdrawn: list[str] = []

    async def withdraw(asked: str) -> Response | None:
        filled = asked.startswith("POST") and ("/segments/" in asked or asked.endswith("contacts/add"))
        if filled and not withdrawn:
            withdrawn.append(ada)
            await members.post(f"/v1/people/{ada}/stops")
        return None

    kept.there.before = withdraw
    assert (await sent(members, mailing))["handed"] == 1
    assert (kept.there.sent, withdrawn) == ([("c1", {"ben@example.org"})], [ada])
    assert await left_out(members, mailing) == {ada: "not_permitted"}


async def test_everybody_who_is_left_out_is_told_of_with_the_reason(members: Caller, kept: Kept) -> None:
    often, first = await allowing(members, "often@example.org"), await begun(members, kept, campaign=None)
    for mailing in (first, await begun(members, kept, campaign=None)):
        assert (await sent(members, mailing))["handed"] == 1
    names = ("same", "gone", "dead", "refused", "goes")
    addresses = (
        "goes@example.org",
        "gone@example.org",
        "dead@example.org",
        "x@refused.example.org",
        "Goes@example.org",
    )
    ids = {"goes": await allowing(members, addresses[4], "goes")}
    for name, address in zip(names[:4], addresses[:4], strict=True):
        ids[name] = await allowing(members, address, name)
    nowhere = str((await members.sign_up("Zoe", permissions=[YES]))["person"])
    await made_true(members, kept.id)
    for name, what in (("gone", "complained"), ("dead", "bounced")):
        kept.there.came_back(f"{name}@example.org", what)
        await told(members, kept.hook, kept.there.told[-1])
    mailing = await begun(members, kept)
    assert (await sent(members, mailing))["handed"] == 1
    assert kept.there.sent == [("c1", {"goes@example.org"})]
    assert await left_out(members, mailing) == {
        often: "too_often", ids["same"]: "same_address", ids["gone"]: "complained", ids["dead"]: "bounced",
        ids["refused"]: "refused_by_tool", nowhere: "no_address",
    }  # fmt: skip


@ON_ONE_DATABASE
async def test_what_failed_went_to_nobody_and_is_sent_once_it_can_be(members: Caller, kept: Kept) -> None:
    await allowing(members, "ada@example.org")
    mailing = await begun(members, kept)
    kept.there.campaigns["c1"]["status"] = "sent"
    assert (await sent(members, mailing))["state"] == "failed"
    kept.there.campaigns["c2"] = {"status": kept.there.unsent, "group": None}
    path = f"{MAILINGS}/{mailing}"
    assert (await members.client.patch(path, json={"campaign": "c2"}, headers={"If-Match": "*"})).status_code == 200
    assert (await sent(members, mailing))["state"] == "sent"
    assert kept.there.sent == [("c2", {"ada@example.org"})]
    again = await members.client.patch(path, json={"name": "Else"}, headers={"If-Match": "*"})
    assert again.json()["code"] == "illegal_transition"


@ON_ONE_DATABASE
async def test_it_is_stopped_until_the_tool_is_told_to_send(members: Caller, kept: Kept) -> None:
    await allowing(members, "ada@example.org")
    mailing = await begun(members, kept)

    async def stop(asked: str) -> Response | None:
        job = (await members.get(f"{MAILINGS}/{mailing}"))["job"]
        await members.client.post(f"/v1/jobs/{job}/cancel")
        return None

    kept.there.before = stop
    assert (await sent(members, mailing))["state"] == "stopped"
    assert kept.there.sent == []


@ON_ONE_DATABASE
@pytest.mark.parametrize("asked_to", ["look", "send"])
async def test_it_has_failed_where_its_tool_is_ended_on_the_way(members: Caller, kept: Kept, asked_to: str) -> None:
    await allowing(members, "ada@example.org")
    mailing = await begun(members, kept)

    async def end(asked: str) -> Response | None:
        if asked_to == "send" and not asked.endswith(("/actions/send", "/sendNow")):
            return None
        await members.client.post(f"/v1/mailings/tools/{kept.id}/end", headers={"If-Match": "*"})
        return Response(status_code=503)

    kept.there.before = end
    assert (await sent(members, mailing))["state"] == "failed"
    assert kept.there.sent == []
    assert (await edit(members, f"{MAILINGS}/{mailing}/send", status=409))["code"] == "mailing_tool_ended"


@ON_ONE_DATABASE
async def test_what_it_names_is_of_this_movement(members: Caller, other: Caller, kept: Kept) -> None:
    mailing = await begun(members, kept)
    body = {"name": "N", "tool": kept.id, "segment": new_id("segment")}
    expected = {"/tool": "unknown_tool", "/segment": "unknown_segment"}
    assert faults((await other.refused(MAILINGS, body))[1]) == expected
    for path in ("", "/preview", "/recipients"):
        assert (await other.client.get(f"{MAILINGS}/{mailing}{path}")).status_code == 404
    assert (await edit(other, f"{MAILINGS}/{mailing}/send", status=404))["code"] == "not_found"
    assert (await other.get(MAILINGS))["data"] == []
    assert [row["id"] for row in (await members.get(MAILINGS, state="draft", tool=kept.id))["data"]] == [mailing]
    (agreement,) = (await members.get("/v1/agreements"))["data"]
    await edit(members, f"/v1/agreements/{agreement['id']}/end", {})
