"""From where to where people moved, month by month, and what a draft would do to them."""

from datetime import UTC, datetime, timedelta

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from tests.members.caller import Caller
from tests.members.engagement.test_ladder_anew import reviewed
from tests.members.engagement.test_ladder_policies import rules
from tests.members.engagement.test_memberships import membership_of, turned

MARCH = datetime(2026, 3, 15, 12, tzinfo=UTC)
TODAY = clock.now().date()


def ways(found: Json) -> dict[tuple[str | None, str | None], int]:
    return {(one["from_rung"], one["to_rung"]): one["people"] for one in found["transitions"]}


async def test_everybody_is_accounted_for_in_the_moves_of_a_period(members: Caller) -> None:
    with clock.frozen(MARCH) as now:
        stays, climbs, leaves, objects = [await members.person(name) for name in ("Ada", "Eve", "Joan", "Ben")]
        now.advance(timedelta(days=20))
        await members.did(climbs, now.at.date())
        await members.person("New")
        await turned(members, await membership_of(members, leaves), state="left")
        await members.client.put(f"/v1/people/{objects}/ladder/objection")
        now.advance(timedelta(days=20))
        april = {"first": "2026-04-01", "last": "2026-04-20"}
        found = await members.get("/v1/ladder/transitions", **april)
        assert ways(found) == {
            (None, "observer"): 1,
            ("observer", None): 1,
            ("observer", "observer"): 1,
            ("observer", "follower"): 1,
        }
        assert (found["at_start"], found["joined"], found["came_back"], found["left"], found["at_end"]) == (
            3,
            1,
            0,
            1,
            3,
        )
        back = await turned(members, await membership_of(members, leaves), state="active")
        assert back["rung"] == "observer"
        later = await members.get("/v1/ladder/transitions", first="2026-04-10", last="2026-04-30")
        assert (later["at_start"], later["came_back"], later["at_end"]) == (3, 1, 4)
        assert stays


async def test_a_momentum_counts_the_steps_of_each_month(members: Caller) -> None:
    with clock.frozen(MARCH) as now:
        ada = await members.person()
        await members.did(ada, now.at.date())
        now.advance(timedelta(days=31))
        await members.did(ada, now.at.date(), now.at.date() - timedelta(days=1))
        await turned(members, await membership_of(members, ada), state="left")
        found = await members.get("/v1/ladder/momentum", first="2026-03-10", last="2026-04-20")
    march, april = found["months"]
    assert (march["month"], march["joined"], march["up"], march["left"]) == ("2026-03", 1, 1, 0)
    assert (april["month"], april["joined"], april["up"], april["left"]) == ("2026-04", 0, 1, 1)


async def test_a_funnel_of_a_day_says_who_stood_where_then(members: Caller) -> None:
    with clock.frozen(MARCH) as now:
        ada = await members.person()
        now.advance(timedelta(days=3))
        await members.did(ada, now.at.date())
        for day, rung in (("2026-03-14", None), ("2026-03-15", "observer"), ("2026-03-18", "follower")):
            found = {one["rung"]: one["people"] for one in (await members.get("/v1/ladder/then", day=day))["rungs"]}
            assert [name for name, people in found.items() if people] == [rung] * (rung is not None)
        status, problem = await members.refused("/v1/ladder/then", method="GET", day="2026-03-19")
        assert (status, faults(problem)) == (422, {"?day": "in_the_future"})


async def test_what_came_late_moved_people_on_its_own_day_as_it_is_known_now(members: Caller) -> None:
    with clock.frozen(MARCH) as now:
        late, voided = [await members.person(name) for name in ("Ada", "Eve")]
        await members.did(voided, now.at.date())
        (wrong,) = (await members.get("/v1/activities"))["data"]
        now.advance(timedelta(days=31))
        await members.did(late, MARCH.date() + timedelta(days=1))
        await members.post(f"/v1/activities/{wrong['id']}/void", {"reason": "It was Joan."}, status=200)

        async def said(known: str) -> tuple[object, ...]:
            day = {"known": known, "day": "2026-03-31"}
            funnel = {one["rung"]: one["people"] for one in (await members.get("/v1/ladder/then", **day))["rungs"]}
            period = {"known": known, "first": "2026-03-01", "last": "2026-04-20"}
            months = (await members.get("/v1/ladder/momentum", **period))["months"]
            spring = {"known": known, "first": "2026-04-01", "last": "2026-04-20"}
            moved = ways(await members.get("/v1/ladder/transitions", **spring))
            return funnel["follower"], [(month["joined"], month["up"], month["down"]) for month in months], moved

        assert await said("then") == (
            1,
            [(2, 1, 0), (0, 1, 1)],
            {("observer", "follower"): 1, ("follower", "observer"): 1},
        )
        assert await said("now") == (
            1,
            [(2, 1, 0), (0, 0, 0)],
            {("observer", "observer"): 1, ("follower", "follower"): 1},
        )
        assert await members.get("/v1/ladder/then") == await members.get("/v1/ladder/then", known="now")


async def test_whoever_became_quiet_did_so_in_the_month_that_is_known_now(members: Caller) -> None:
    with clock.frozen(MARCH) as now:
        ada = await members.person()
        await members.did(ada, now.at.date())
        for _ in range(7):
            now.advance(timedelta(days=31))
            await reviewed(members)
        await members.did(ada, now.at.date())
        period = {"first": "2026-03-01", "last": now.at.date().isoformat()}
        by = {
            known: [
                (month["became_quiet"], month["active_again"])
                for month in (await members.get("/v1/ladder/momentum", known=known, **period))["months"]
            ]
            for known in ("then", "now")
        }
    assert by["now"] == by["then"]
    assert (sum(quiet for quiet, _ in by["now"]), by["now"][-1]) == (1, (0, 1))


async def test_a_period_that_ends_before_it_begins_is_refused(members: Caller) -> None:
    for path in ("/v1/ladder/transitions", "/v1/ladder/momentum"):
        status, problem = await members.refused(path, method="GET", first="2026-04-02", last="2026-04-01")
        assert (status, faults(problem)) == (422, {"?last": "before_first"})


async def test_a_preview_says_who_would_move_and_why_and_changes_nothing(members: Caller, other: Caller) -> None:
    walkers = [await members.person(f"Walker {number}") for number in range(3)]
    singer, child = await members.person("Singer"), await members.person("Ben", age_band="13_to_15")
    for person in (*walkers, child):
        await members.did(person, TODAY, TODAY - timedelta(days=1))
    await members.did(singer, TODAY, kind="choir")
    asked = rules(champion=[{"distinct_days": 9}], co_owner=[{"distinct_days": 10}])
    drafted = await members.post("/v1/ladder/policies", asked)
    path = f"/v1/ladder/policies/{drafted['id']}/preview"
    before = [await members.ladder(person) for person in walkers]
    first = await members.post(f"{path}?limit=3", status=200)
    second = await members.post(f"{path}?limit=3&cursor={first['next_cursor']}", status=200)
    assert (first["people"], first["up"], first["down"], second["next_cursor"]) == (4, 3, 1, None)
    assert ways(first) == {("follower", "active_participant"): 3, ("follower", "observer"): 1}
    movers = {one["person"]: one for one in first["data"] + second["data"]}
    assert set(movers) == {*walkers, singer}
    assert (movers[singer]["direction"], movers[singer]["to_rung"]) == ("down", "observer")
    assert movers[singer]["why"][0]["evidence"] == "nothing yet"
    assert movers[walkers[0]]["why"][0]["rule"] == "took part on two different days (walk)"
    assert [await members.ladder(person) for person in walkers] == before
    assert (await other.refused(path))[0] == 404
    assert (await members.refused(f"/v1/ladder/policies/{new_id('policy')}/preview"))[0] == 404
