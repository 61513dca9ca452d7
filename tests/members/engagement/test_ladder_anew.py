"""Everybody's place reckoned anew: after a void, a late arrival, a review, on request; a run goes on where it was."""

from datetime import UTC, date, datetime, timedelta

from services.members.engagement.ladder import runs
from services.members.engagement.ladder.models import RunKind
from shared import clock
from shared.db import Bound, Context, Session
from shared.testing.eventually import eventually
from tests.members.caller import Caller
from tests.members.engagement.test_ladder_policies import activated, rules

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PACE = {"review_every_days": 366, "keep_days_longer": 10, "grace_days": 14, "quiet_after_days": 30}


def days_ago(*days: int) -> list[date]:
    return [(NOW - timedelta(days=ago)).date() for ago in days]


def bound(members: Caller) -> Bound:
    db: Bound = members.app.state.parts.db.on_behalf(Context(movement=members.movement, actor="test"))
    return db


async def reviewed(members: Caller) -> None:
    """Hold a review of the day that it is, to its end."""
    await bound(members).write(runs.start, members.movement, RunKind.REVIEW)
    while await bound(members).write(runs.go_on, members.movement, 50):
        pass


async def test_a_voided_activity_counts_for_nothing_and_says_why(members: Caller, other: Caller) -> None:
    ada = await members.person()
    made = await members.post("/v1/activities", {"person": ada, "kind": "walk", "on": days_ago(0)[0].isoformat()})
    path = f"/v1/activities/{made['id']}"
    assert (await members.ladder(ada))["rung"] == "follower"
    assert (await other.refused(f"{path}/void", {"reason": "Not hers."}))[0] == 404
    voided = await members.post(f"{path}/void", {"reason": "Recorded for the wrong Ada."}, status=200)
    assert (voided["voided"]["reason"], voided["voided"]["by"][:4]) == ("Recorded for the wrong Ada.", "key_")
    assert await members.get(path) == voided
    ladder = await members.ladder(ada)
    assert (ladder["rung"], ladder["history"][-1]["cause"]) == ("observer", "voided")
    assert (await members.refused(f"{path}/void", {"reason": "Again."}))[1]["code"] == "already_voided"
    events = dict(await members.published(ada))
    assert events["activity.voided"] == {"person": ada, "activity": made["id"], "kind": "walk"}
    assert "wrong Ada" not in str(events)


async def test_what_comes_late_takes_up_whoever_it_would_have_taken_up_in_time(members: Caller) -> None:
    """Three days within a week made an active participant of her then, whatever the last week looks like."""
    weekly = [{"kinds": ["walk"], "distinct_days": 3, "within_days": 7}]
    with clock.frozen(NOW - timedelta(days=60)):
        ada = await members.person()
        higher = {rung: [{"distinct_days": days}] for rung, days in (("champion", 10), ("co_owner", 20))}
        await activated(members, rules(active_participant=weekly, **higher))
    with clock.frozen(NOW):
        await members.did(ada, *days_ago(21, 19))
        assert (await members.ladder(ada))["rung"] == "follower"
        await members.did(ada, *days_ago(20))
        assert (await members.ladder(ada))["rung"] == "active_participant"


async def test_a_review_takes_down_after_the_grace_without_a_word_to_the_person(members: Caller) -> None:
    monthly = [{"kinds": ["walk"], "distinct_days": 2, "within_days": 30}]
    higher = {rung: [{"distinct_days": days}] for rung, days in (("champion", 10), ("co_owner", 20))}
    with clock.frozen(NOW) as now:
        await activated(members, {**rules(active_participant=monthly, **higher), "pace": PACE})
        ada = await members.person()
        await members.did(ada, *days_ago(1, 0))
        for days, rung in ((41, "active_participant"), (13, "active_participant"), (1, "follower")):
            now.advance(timedelta(days=days))
            await reviewed(members)
            assert (await members.ladder(ada))["rung"] == rung, days
        ladder = await members.ladder(ada)
        assert (ladder["history"][-1]["cause"], ladder["state"]) == ("review", "quiet")
        await members.did(ada, (NOW + timedelta(days=55)).date())
        assert (await members.ladder(ada))["state"] == "active"


async def test_a_review_begins_by_itself_when_it_is_due_and_once(members: Caller) -> None:
    with clock.frozen(NOW - timedelta(days=8)):
        await members.person()

    async def done() -> bool:
        return [run["state"] for run in (await members.get("/v1/ladder/runs"))["data"]] == ["done"]

    await eventually(done)
    assert await bound(members).write(runs.review_if_due, members.movement) is None
    (run,) = (await members.get("/v1/ladder/runs"))["data"]
    assert run["kind"] == "review"


async def test_a_recompute_comes_to_everybody_and_is_followed_by_its_id(members: Caller) -> None:
    for number in range(3):
        await members.person(f"P{number}")
    run = await members.post("/v1/ladder/recompute", status=202)

    async def done() -> bool:
        return bool((await members.get(f"/v1/ladder/runs/{run['id']}"))["state"] == "done")

    await eventually(done)
    found = await members.get(f"/v1/ladder/runs/{run['id']}")
    assert (found["people"], found["moved_up"], found["moved_down"]) == (3, 0, 0)
    assert dict(await members.published(run["id"]))["ladder_run.finished"]["people"] == 3


async def test_a_run_that_was_interrupted_goes_on_where_it_was(members: Caller) -> None:
    for number in range(4):
        await members.person(f"P{number}")

    def begin_and_stop(session: Session) -> tuple[str, str]:
        run = runs.start(session, members.movement, RunKind.RECOMPUTE)
        session.flush()
        runs.go_on(session, members.movement, 3)
        return run.id, run.up_to

    run, up_to = await bound(members).write(begin_and_stop)
    assert up_to

    async def done() -> bool:
        return bool((await members.get(f"/v1/ladder/runs/{run}"))["people"] == 4)

    await eventually(done)


async def test_what_comes_late_undoes_a_review_that_did_not_know_of_it(members: Caller) -> None:
    """It takes nobody up on any day: with it, the longer window of that review would have kept her where she was."""
    monthly = [{"kinds": ["walk"], "distinct_days": 2, "within_days": 30}]
    higher = {rung: [{"distinct_days": days}] for rung, days in (("champion", 10), ("co_owner", 20))}
    with clock.frozen(NOW - timedelta(days=2)) as now:
        await activated(
            members,
            {**rules(active_participant=monthly, **higher), "pace": {**PACE, "grace_days": 0, "quiet_after_days": 90}},
        )
        ada = await members.person()
        now.advance(timedelta(days=2))
        await members.did(ada, *days_ago(1, 0))
        now.advance(timedelta(days=40))
        await reviewed(members)
        assert (await members.ladder(ada))["rung"] == "follower"
        now.advance(timedelta(days=1))
        await members.did(ada, *days_ago(-35))
        assert (await members.ladder(ada))["rung"] == "active_participant"


async def test_what_comes_late_is_judged_by_the_rules_of_its_day(members: Caller) -> None:
    with clock.frozen(NOW) as now:
        ada = await members.person()
        now.advance(timedelta(days=5))
        await activated(members, rules())
        now.advance(timedelta(days=1))
        await members.did(ada, *days_ago(-1), kind="choir")
        assert (await members.ladder(ada))["rung"] == "follower"
        await members.did(await members.person("Eve"), now.at.date(), kind="choir")
        assert (await members.funnel())["follower"] == 1
