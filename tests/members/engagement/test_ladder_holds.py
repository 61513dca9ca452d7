"""Locks and floors, and where somebody stood on a day: by what is known now, and by what was known then."""

from datetime import UTC, datetime, timedelta

from shared import clock
from shared.testing.caller import Json, faults, json_of
from shared.testing.eventually import eventually
from tests.members.caller import Caller

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = clock.now().date()


async def put(user: Caller, person: str, what: str, rung: str, status: int = 200, **more: object) -> Json:
    hold = {"rung": rung, "why": "She asked for it.", **more}
    return json_of(await user.client.put(f"/v1/people/{person}/ladder/{what}", json=hold), status)


async def test_a_lock_holds_whatever_somebody_does_until_it_is_lifted(members: Caller, user: Caller) -> None:
    ada = await members.person()
    await members.did(ada, TODAY)
    locked = await put(user, ada, "lock", "follower")
    assert (locked["why"], locked["by"][:5]) == ("She asked for it.", "user_")
    await members.did(ada, *(TODAY - timedelta(days=ago) for ago in range(4)))
    ladder = await members.ladder(ada)
    assert (ladder["rung"], ladder["lock"]) == ("follower", locked)
    assert (await user.client.delete(f"/v1/people/{ada}/ladder/lock")).status_code == 204
    ladder = await members.ladder(ada)
    assert (ladder["rung"], ladder["lock"], ladder["history"][-1]["cause"]) == ("active_participant", None, "lock")
    assert [why["rung"] for why in ladder["why"]] == ["active_participant"]


async def test_a_floor_holds_up_and_neither_goes_past_a_confirmation(members: Caller, user: Caller) -> None:
    ada = await members.person()
    await put(user, ada, "floor", "active_participant")
    assert (await members.ladder(ada))["rung"] == "active_participant"
    assert (await put(user, ada, "floor", "champion", 409))["code"] == "not_confirmed"
    assert (await put(user, ada, "lock", "co_owner", 409))["code"] == "not_confirmed"
    assert (await members.refused(f"/v1/people/{ada}/ladder/lock", {}, method="PUT"))[0] in (403, 422)


async def test_a_lock_ends_by_itself_after_its_last_day(members: Caller, user: Caller) -> None:
    with clock.frozen(NOW) as now:
        ada = await members.person()
        yesterday = (NOW - timedelta(days=1)).date().isoformat()
        assert faults(await put(user, ada, "lock", "observer", 422, until=yesterday)) == {"/until": "in_the_past"}
        await put(user, ada, "lock", "observer", until=NOW.date().isoformat())
        await members.did(ada, NOW.date())
        assert (await members.ladder(ada))["rung"] == "observer"
        now.advance(timedelta(days=1))

        async def free() -> bool:
            return bool((await members.ladder(ada))["rung"] == "follower")

        await eventually(free)


async def test_a_day_is_asked_about_by_what_is_known_now_and_by_what_was_known_then(members: Caller) -> None:
    with clock.frozen(NOW) as now:
        ada = await members.person()
        await members.did(ada, NOW.date())
        now.advance(timedelta(days=10))
        late = [(NOW + timedelta(days=day)).date() for day in (1, 2)]
        await members.did(ada, *late)
        (first, *_) = (await members.get("/v1/activities", person=ada))["data"]
        path, day = f"/v1/people/{ada}/ladder/then", (NOW + timedelta(days=3)).date().isoformat()
        assert (await members.get(path, day=day))["rung"] == "active_participant"
        then = await members.get(path, day=day, known_on=day)
        assert (then["rung"], then["why"][0]["rule"]) == ("follower", "took part once")
        await members.post(f"/v1/activities/{first['id']}/void", {"reason": "It was called off."}, status=200)
        assert (await members.get(path, day=day))["rung"] == "follower"
        assert (await members.get(path, day=day, known_on=day))["rung"] == "follower"
        before = (NOW - timedelta(days=1)).date().isoformat()
        assert (await members.get(path, day=before))["rung"] is None
        status, problem = await members.refused(path, method="GET", day=day, known_on=NOW.date().isoformat())
        assert (status, faults(problem)) == (422, {"?known_on": "before_day"})


async def test_whoever_objects_has_no_past_on_the_ladder_either(members: Caller) -> None:
    ada = await members.person()
    await members.did(ada, TODAY)
    await members.client.put(f"/v1/people/{ada}/ladder/objection")
    then = await members.get(f"/v1/people/{ada}/ladder/then", day=TODAY.isoformat())
    assert (then["rung"], then["why"]) == (None, [])
