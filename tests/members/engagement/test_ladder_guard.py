"""Nobody has a rung for whom none is allowed: what they have goes, and nobody says why."""

from datetime import timedelta

import pytest

from services.members.engagement.ladder import guard
from services.members.engagement.ladder.models import Reason
from shared import clock
from shared.db import Context, Session
from tests.members.caller import Caller

TODAY = clock.now().date()


async def decide(members: Caller, verb: str, person: str, reason: Reason) -> None:
    """Exclude or readmit somebody, as the other nouns of the service do."""

    def decided(session: Session) -> None:
        {"exclude": guard.exclude, "readmit": guard.readmit}[verb](session, members.movement, person, reason)

    await members.app.state.parts.db.on_behalf(Context(movement=members.movement, actor="test")).write(decided)


async def allowed(members: Caller, person: str) -> bool:
    return bool(await members.app.state.parts.db.read(guard.on_ladder, members.movement, person))


@pytest.mark.parametrize("reason", list(Reason))
async def test_whoever_is_excluded_loses_their_rung_and_climbs_no_more(members: Caller, reason: Reason) -> None:
    person = await members.person()
    await members.did(person, TODAY)
    await decide(members, "exclude", person, reason)
    await members.did(person, *(TODAY - timedelta(days=ago) for ago in range(4)))
    ladder = await members.ladder(person)
    assert (ladder["rung"], ladder["next"], ladder["in_words"]) == (
        None,
        None,
        "This person has no place on the ladder.",
    )
    assert not await allowed(members, person)
    gone = {"person": person, "membership": ladder["membership"], "from_rung": "follower"}
    assert (await members.published(person))[-5] == ("membership.rung_removed", gone)
    assert reason.value not in str(ladder), "why is nobody's business"


async def test_a_rung_is_had_again_only_once_no_reason_is_left(members: Caller) -> None:
    person = await members.person()
    await members.did(person, TODAY)
    for reason in (Reason.CLIENT, Reason.RESIDENT, Reason.CLIENT):
        await decide(members, "exclude", person, reason)
    await decide(members, "readmit", person, Reason.CLIENT)
    assert (await members.ladder(person))["rung"] is None
    await decide(members, "readmit", person, Reason.RESIDENT)
    assert (await members.ladder(person))["rung"] == "follower"
    assert await allowed(members, person)


async def test_anybody_may_object_and_take_it_back(members: Caller, other: Caller) -> None:
    person = await members.person()
    await members.did(person, TODAY)
    path = f"/v1/people/{person}/ladder/objection"
    assert (await other.refused(path, method="PUT"))[0] == 404
    for _ in range(2):
        assert (await members.client.put(path)).status_code == 204
        assert (await members.ladder(person))["rung"] is None
    for _ in range(2):
        assert (await members.client.delete(path)).status_code == 204
        assert (await members.ladder(person))["rung"] == "follower"


async def test_a_child_who_does_not_object_has_no_rung_all_the_same(members: Caller) -> None:
    person = await members.person("Ben", age_band="13_to_15")
    await members.client.put(f"/v1/people/{person}/ladder/objection")
    await members.client.delete(f"/v1/people/{person}/ladder/objection")
    assert (await members.ladder(person))["rung"] is None
    await decide(members, "readmit", person, Reason.CHILD)
    assert (await members.ladder(person))["rung"] == "observer"


async def test_the_timeline_tells_no_step_of_whoever_has_no_place_on_the_ladder(members: Caller) -> None:
    person = await members.person()
    await members.did(person, TODAY)

    async def told() -> set[str]:
        return {one["kind"] for one in (await members.get(f"/v1/people/{person}/timeline"))["data"]}

    assert "rung.changed" in await told()
    await members.client.put(f"/v1/people/{person}/ladder/objection")
    assert "activity.done" in await told()
    assert "rung.changed" not in await told()
