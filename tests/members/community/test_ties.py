"""Who works with whom: one side declares, the other confirms, and others see it only where both agree."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.members.engagement.ladder import guard
from services.members.engagement.ladder.models import Reason
from shared.db import Context
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import TODAY, active_circle, edit, organisation, signed_in_as, tie

TOLD = {"told_us_on": TODAY.isoformat()}


@pytest.fixture
async def stranger(members: Caller, vouching: Secrets) -> AsyncIterator[Caller]:
    """Somebody of the movement with no tie."""
    async with signed_in_as(await members.person("Stan"), members, vouching) as caller:
        yield caller


async def test_a_tie_shows_to_its_sides_until_it_is_confirmed_and_then_to_whom_both_agree(
    members: Caller, vouching: Secrets, stranger: Caller
) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    async with signed_in_as(ada, members, vouching) as first, signed_in_as(eve, members, vouching) as second:
        said = {"first": ada, "second": eve, "kind": "works_with", "since": TODAY.isoformat(), "visibility": "movement"}
        declared = await first.post("/v1/ties", said)
        path = f"/v1/ties/{declared['id']}"
        assert [one["id"] for one in await second.every("/v1/ties")] == [declared["id"]]
        for caller in (members, stranger):
            assert await caller.every("/v1/ties") == []
            assert (await caller.client.get(path)).status_code == 404
        assert (await first.refused(f"{path}/confirm", {}))[1]["code"] == "not_yours_to_say"
        assert (await stranger.refused(f"{path}/confirm", {}))[0] == 404
        confirmed = await second.post(f"{path}/confirm", {}, status=200)
        assert (confirmed["state"], confirmed["visibility"]) == ("confirmed", "movement")
        assert [one["id"] for one in await stranger.every("/v1/ties", of=eve)] == [declared["id"]]
        narrowed = await edit(second, path, {"visibility": "sides"}, method="PATCH", tag='"2"')
        assert (narrowed["state"], await stranger.every("/v1/ties")) == ("confirmed", [])
        widened = await edit(first, path, {"visibility": "public"}, method="PATCH")
        assert (widened["state"], await stranger.every("/v1/ties")) == ("declared", [])
    told = [payload["state"] for _, payload in await members.published(declared["id"])]
    assert told == ["declared", "confirmed", "confirmed", "declared"]


@ON_ONE_DATABASE
async def test_the_other_side_may_let_fewer_see_it_and_never_more(members: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    for wanted, allowed, shown in (("movement", "sides", "sides"), ("sides", "public", "sides")):
        declared = await tie(members, ada, eve, visibility=wanted, confirmed=False)
        said = TOLD | {"visibility": allowed}
        confirmed = await members.post(f"/v1/ties/{declared}/confirm", said, status=200)
        assert confirmed["visibility"] == shown


@ON_ONE_DATABASE
async def test_a_tie_for_a_circle_shows_to_whoever_is_in_it(members: Caller, vouching: Secrets) -> None:
    ada, eve, inside = [await members.person(name) for name in ("Ada", "Eve", "Ines")]
    circle = await active_circle(members)
    await members.post(
        f"/v1/circles/{circle}/members", {"person": inside, "role": "steward", "from": TODAY.isoformat()}
    )
    shown = await tie(members, ada, eve, visibility="circle", circle=circle)
    async with signed_in_as(inside, members, vouching) as caller:
        assert [one["id"] for one in await caller.every("/v1/ties")] == [shown]
    assert await members.every("/v1/ties") == []


@ON_ONE_DATABASE
async def test_an_organisation_speaks_through_whoever_acts_for_it(members: Caller, vouching: Secrets) -> None:
    school, choir = await organisation(members, "School"), await organisation(members, "Choir")
    declared = await tie(members, school, choir, confirmed=False, visibility="sides")
    async with Caller(members.app, vouching, members.movement, organisation=choir) as acting:
        assert [one["id"] for one in await acting.every("/v1/ties")] == [declared]
        denied = await acting.post(f"/v1/ties/{declared}/deny", {}, status=200)
    assert denied["state"] == "denied"
    status, problem = await members.refused(f"/v1/ties/{declared}/confirm", TOLD)
    assert (status, problem["code"]) == (409, "illegal_transition")


@ON_ONE_DATABASE
async def test_an_ended_tie_is_ended_from_a_day_that_it_held_on(members: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    path = f"/v1/ties/{await tie(members, ada, eve, since=(TODAY - timedelta(days=9)).isoformat())}"
    for days, code in ((-10, "ends_before_it_begins"), (2, "in_the_future")):
        said = {"on": (TODAY + timedelta(days=days)).isoformat()} | TOLD
        status, problem = await members.refused(f"{path}/end", said)
        assert (status, faults(problem)) == (422, {"/on": code})
    assert (await members.refused(f"{path}/end", {}))[1]["code"] == "not_yours_to_say"
    ended = await members.post(f"{path}/end", TOLD, status=200)
    assert (ended["state"], ended["ended_on"]) == ("ended", TODAY.isoformat())


async def test_of_children_residents_and_clients_no_tie_is_shown_to_others(members: Caller) -> None:
    ada, child = await members.person("Ada"), await members.person("Kim", age_band="13_to_15")
    said = {"first": ada, "second": child, "kind": "works_with", "since": TODAY.isoformat(), "visibility": "public"}
    status, problem = await members.refused("/v1/ties", said | TOLD)
    assert (status, faults(problem)) == (422, {"/visibility": "sides_only"})
    resident = await members.person("Rose")
    await tie(members, ada, resident, visibility="movement")
    assert len(await members.every("/v1/ties")) == 1
    db = members.app.state.parts.db.on_behalf(Context(members.movement, "test"))
    await db.write(guard.exclude, members.movement, resident, Reason.RESIDENT)
    assert await members.every("/v1/ties") == []
    assert (await members.get("/v1/network"))["members"] == 0


BAD: list[tuple[Json, dict[str, str]]] = [
    ({"second": "Eve"}, {"/second": "invalid_id"}),
    ({"second": new_id("circle")}, {"/second": "invalid_id"}),
    ({"second": new_id("person")}, {"/second": "unknown_person"}),
    ({"second": new_id("org")}, {"/second": "unknown_organisation"}),
    ({"kind": "Works with"}, {"/kind": "string_pattern_mismatch"}),
    ({"strength": "9"}, {"/strength": "enum"}),
    ({"since": (TODAY + timedelta(days=2)).isoformat()}, {"/since": "in_the_future"}),
    ({"visibility": "circle"}, {"": "circle_and_visibility"}),
    ({"visibility": "circle", "circle": new_id("circle")}, {"/circle": "unknown_circle"}),
]
"""What is refused, and by which pointers."""


@ON_ONE_DATABASE
async def test_a_bad_tie_is_refused_by_pointer(members: Caller) -> None:
    for change, wrong in BAD:
        ada, eve = await members.person("Ada"), await members.person("Eve")
        said = {"first": ada, "second": eve, "kind": "works_with", "since": TODAY.isoformat()} | TOLD
        status, problem = await members.refused("/v1/ties", said | change)
        assert (status, faults(problem)) == (422, wrong)
        status, problem = await members.refused("/v1/ties", said | {"second": ada})
        assert (status, faults(problem)) == (422, {"/second": "own_tie"})


@ON_ONE_DATABASE
async def test_another_movements_ties_are_unknown(members: Caller, other: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    path = f"/v1/ties/{await tie(members, ada, eve)}"
    assert await other.every("/v1/ties") == []
    assert (await other.client.get(path)).status_code == 404
    for step in ("confirm", "deny", "end"):
        assert (await other.refused(f"{path}/{step}", TOLD))[0] == 404
    assert (await edit(other, path, {"kind": "x"} | TOLD, method="PATCH", status=404))["code"] == "not_found"
    theirs = await other.person()
    said = {"first": ada, "second": theirs, "kind": "x", "since": TODAY.isoformat()} | TOLD
    assert faults((await members.refused("/v1/ties", said))[1]) == {"/second": "unknown_person"}
