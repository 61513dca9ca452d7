"""The timeline of a person: what happened, the latest first, in pages, as far as the caller may see."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from services.members.directory.timeline.kinds import HAPPENINGS
from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

TODAY = clock.now().date()


async def kinds(members: Caller, person: str, **filters: str | int) -> list[str]:
    return [each["kind"] for each in await members.every(f"/v1/people/{person}/timeline", **filters)]


async def test_what_happened_is_told_the_latest_first_page_by_page(members: Caller) -> None:
    made = await members.sign_up("Joan", pledge={"text": "I will walk."})
    joan = made["person"]
    await members.did(joan, TODAY - timedelta(days=400), TODAY - timedelta(days=2), TODAY - timedelta(days=2))
    told = await members.get(f"/v1/people/{joan}/timeline")
    assert {"person.created", "pledge.made", "activity.done"} <= {each["kind"] for each in told["data"]}
    assert [each["at"] for each in told["data"]] == sorted((each["at"] for each in told["data"]), reverse=True)
    assert (told["data"][-1]["words"], told["data"][-1]["on"]) == (
        "Took part: walk.",
        (TODAY - timedelta(days=400)).isoformat(),
    )
    assert "I will walk" not in str(told)
    everything = [(each["kind"], each["record"]) for each in told["data"]]
    for limit in (1, 2, 3):
        paged = await members.every(f"/v1/people/{joan}/timeline", limit=limit)
        assert [(each["kind"], each["record"]) for each in paged] == everything


async def test_it_is_narrowed_by_kind_and_by_period(members: Caller) -> None:
    joan = await members.person("Joan")
    await members.did(joan, TODAY - timedelta(days=40), TODAY - timedelta(days=2))
    assert await kinds(members, joan, kind="activity.done") == ["activity.done"] * 2
    month_ago = (clock.now() - timedelta(days=30)).isoformat()
    assert await kinds(members, joan, kind="activity.done", since=month_ago) == ["activity.done"]
    assert await kinds(members, joan, until=month_ago) == ["activity.done"]
    status, problem = await members.refused(f"/v1/people/{joan}/timeline", method="GET", kind="safeguarding")
    assert (status, faults(problem)) == (422, {"?kind": "unknown_kind"})


async def test_a_merged_id_tells_of_who_they_are_now(members: Caller) -> None:
    joan, jo = await members.person("Joan"), await members.person("Jo")
    await members.did(jo, TODAY)
    await members.post(f"/v1/people/{joan}/merge", {"merged": jo}, status=200)
    told = await kinds(members, jo)
    assert told == await kinds(members, joan)
    assert {"person.merged", "activity.done"} <= set(told)


@ON_ONE_DATABASE
async def test_it_shows_what_the_callers_scopes_let_them_read(app: FastAPI, vouching: Secrets, members: Caller) -> None:
    joan = (await members.sign_up("Joan", pledge={"text": "I will walk."}))["person"]
    await members.did(joan, TODAY)
    async with Caller(app, vouching, members.movement, frozenset({"people:read", "pledges:read"})) as reader:
        told = set(await kinds(reader, joan))
    assert told == {"person.created", "pledge.made"}


@ON_ONE_DATABASE
async def test_a_stranger_has_none(members: Caller, other: Caller) -> None:
    for person in (await other.person("Joan"), new_id("person")):
        assert (await members.client.get(f"/v1/people/{person}/timeline")).status_code == 404


@pytest.mark.parametrize("kind", sorted(HAPPENINGS))
def test_each_kind_has_words_for_its_facts(kind: str) -> None:
    happening = HAPPENINGS[kind]
    facts = [f"fact_{number}" for number in range(len(happening.facts))]
    told = happening.told(facts)
    assert all(fact.replace("_", " ") in told for fact in facts)
    assert "{" not in told
