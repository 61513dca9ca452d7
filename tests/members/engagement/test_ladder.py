"""The ladder through the API: people climb by what they do, and it says why."""

from datetime import UTC, datetime, timedelta

import pytest

from services.members.engagement.ladder.engine import RUNGS
from shared import clock
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = clock.now().date()
SAID = {"how": "in_person", "on": TODAY.isoformat()}
CHAMPION = {"rung": "champion", "accepted": SAID}
CO_OWNER = {"rung": "co_owner", "accepted": SAID}


async def led(members: Caller, person: str, weeks: int) -> None:
    """The person leads something on one day of each of the last weeks, each time with somebody else."""
    others = [await members.person(f"Guest {number}") for number in range(min(weeks, 4))]
    each = [
        {
            "person": person,
            "kind": "led",
            "on": (TODAY - timedelta(weeks=week)).isoformat(),
            "counterpart": others[week % len(others)],
        }
        for week in range(weeks)
    ]
    await members.post("/v1/activities", each)


async def confirmed(user: Caller, person: str, confirmation: Json) -> Json:
    return await user.post(f"/v1/people/{person}/ladder/confirmations", confirmation)


async def test_whoever_joins_is_an_observer_and_is_told_what_would_help(members: Caller) -> None:
    ladder = await members.ladder(await members.person())
    assert (ladder["rung"], ladder["why"], ladder["eligible_for"]) == ("observer", [], None)
    assert ladder["in_words"].startswith("An observer since ")
    assert ladder["next"] == {"rung": "follower", "what_would_help": ["Take part once more."]}
    (joined,) = ladder["history"]
    assert (joined["from_rung"], joined["to_rung"], joined["cause"]) == (None, "observer", "joined")


async def test_an_activity_takes_a_person_up_in_the_same_request_and_says_why(members: Caller) -> None:
    person = await members.person()
    await members.did(person, TODAY)
    ladder = await members.ladder(person)
    assert ladder["rung"] == "follower"
    (why,) = ladder["why"]
    assert (why["rung"], why["rule"]) == ("follower", "took part once")
    assert why["evidence"].startswith("one activity on one day, the latest on ")
    assert ladder["history"][-1]["cause"] == "activity"
    assert ladder["history"][-1]["policy"] == ladder["policy"]
    moved = dict(await members.published(person))["membership.rung_changed"]
    assert moved == {
        "person": person,
        "membership": ladder["membership"],
        "from_rung": "observer",
        "to_rung": "follower",
        "policy": ladder["policy"]["id"],
    }


async def test_several_rungs_at_once_are_one_step_with_the_evidence_of_each(members: Caller) -> None:
    person = await members.person()
    await members.did(person, *(TODAY - timedelta(days=ago) for ago in range(3)))
    ladder = await members.ladder(person)
    assert (ladder["history"][-1]["from_rung"], ladder["history"][-1]["to_rung"]) == ("observer", "active_participant")
    assert [why["rung"] for why in ladder["why"]] == ["follower", "active_participant"]


async def test_a_late_activity_counts_on_the_day_it_was_done(members: Caller) -> None:
    person = await members.person()
    await members.did(person, TODAY, TODAY - timedelta(days=1))
    await members.did(person, TODAY - timedelta(days=181))
    assert (await members.ladder(person))["rung"] == "follower"
    await members.did(person, TODAY - timedelta(days=179))
    assert (await members.ladder(person))["rung"] == "active_participant"


async def test_champion_waits_for_a_user_to_confirm_and_nobody_is_told_off_for_waiting(
    members: Caller, user: Caller
) -> None:
    person = await members.person()
    await led(members, person, 6)
    waiting = await members.ladder(person)
    assert (waiting["rung"], waiting["eligible_for"]) == ("active_participant", "champion")
    assert waiting["next"]["rung"] == "champion"
    assert waiting["next"]["what_would_help"] == [
        "Nothing more is asked for: somebody from the movement will talk it over, and both of you decide."
    ]
    status, problem = await members.refused(f"/v1/people/{person}/ladder/confirmations", CHAMPION)
    assert (status, problem["code"]) == (403, "needs_a_user")

    confirmation = await confirmed(user, person, CHAMPION)
    assert (confirmation["state"], confirmation["answered_how"]) == ("accepted", "in_person")
    ladder = await members.ladder(person)
    change = ladder["history"][-1]
    assert (change["cause"], change["from_rung"], change["to_rung"]) == ("confirmation", *RUNGS[2:4])
    assert change["confirmed_by"] == confirmation["confirmed_by"]
    assert (ladder["rung"], ladder["eligible_for"]) == ("champion", None)
    assert {why["rung"] for why in ladder["why"]} == {"champion"}
    moved = [payload for type_, payload in await members.published(person) if type_ == "membership.rung_changed"]
    assert [step["to_rung"] for step in moved] == ["active_participant", "champion"]


async def test_all_five_rungs_are_reached_from_observer_to_co_owner(members: Caller, user: Caller) -> None:
    person = await members.person()
    await led(members, person, 12)
    for confirmation in (CHAMPION, CO_OWNER):
        await confirmed(user, person, confirmation)
    ladder = await members.ladder(person)
    assert (ladder["rung"], ladder["next"], ladder["eligible_for"]) == ("co_owner", None, None)
    assert [step["to_rung"] for step in ladder["history"]] == ["observer", "active_participant", "champion", "co_owner"]
    await members.did(person, TODAY)
    assert (await members.ladder(person))["rung"] == "co_owner"


async def test_only_the_next_rung_is_confirmed_and_only_when_its_rules_are_met(members: Caller, user: Caller) -> None:
    person = await members.person()
    path = f"/v1/people/{person}/ladder/confirmations"
    status, problem = await user.refused(path, CHAMPION)
    assert (status, problem["code"], problem["rung"]) == (409, "not_eligible", "observer")
    await led(members, person, 12)
    assert (await user.refused(path, CO_OWNER))[1]["code"] == "not_eligible"
    await confirmed(user, person, CHAMPION)
    assert (await user.refused(path, CHAMPION))[1]["code"] == "not_eligible"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "confirmation",
    [
        {"rung": "champion", "accepted": True},
        {"rung": "champion", "accepted": {"how": "in_person"}},
        {"rung": "champion", "accepted": {"how": "telepathy", "on": "2026-01-01"}},
        {"rung": "follower", "accepted": SAID},
        {"rung": "boss", "accepted": SAID},
        {},
    ],
)
async def test_a_malformed_confirmation_is_refused(members: Caller, user: Caller, confirmation: Json) -> None:
    person = await members.person()
    await led(members, person, 6)
    assert (await user.refused(f"/v1/people/{person}/ladder/confirmations", confirmation))[0] == 422
    assert (await members.ladder(person))["rung"] == "active_participant"


async def test_somebody_under_16_has_no_rung_whatever_they_do(members: Caller, user: Caller) -> None:
    person = await members.person("Ben", age_band="13_to_15")
    await led(members, person, 12)
    ladder = await members.ladder(person)
    assert (ladder["rung"], ladder["next"], ladder["eligible_for"], ladder["history"]) == (None, None, None, [])
    assert ladder["in_words"] == "This person has no place on the ladder."
    status, problem = await user.refused(f"/v1/people/{person}/ladder/confirmations", CHAMPION)
    assert (status, problem["code"]) == (409, "no_ladder")
    assert "membership.rung_changed" not in dict(await members.published(person))


async def test_the_funnel_lists_every_rung_and_counts_everybody_once(members: Caller) -> None:
    empty = await members.get("/v1/ladder")
    assert [(rung["rung"], rung["people"]) for rung in empty["rungs"]] == [(rung.value, 0) for rung in RUNGS]
    eligible = await members.person()
    await led(members, eligible, 6)
    await members.sign_up("Eve", pledge={"text": "I will walk."})
    await members.person("Ben", age_band="13_to_15")
    funnel = await members.get("/v1/ladder")
    assert {rung["rung"]: rung["people"] for rung in funnel["rungs"]} == {
        "observer": 4,
        "follower": 1,
        "active_participant": 1,
        "champion": 0,
        "co_owner": 0,
    }
    assert {rung["rung"]: rung["awaiting_confirmation"] for rung in funnel["rungs"]}["champion"] == 1
    assert funnel["without_rung"] == 1
    assert funnel["policy"]["version"] == 1
    assert funnel["policy"] == empty["policy"], "the first policy has the same id before and after its first use"


async def test_what_would_help_names_what_has_lapsed_lower_down(members: Caller) -> None:
    with clock.frozen(NOW - timedelta(days=3)):
        person = await members.person()
    with clock.frozen(NOW):
        for ago in range(3):
            await members.did(person, (NOW - timedelta(days=ago)).date())
        assert (await members.ladder(person))["rung"] == "active_participant"
    with clock.frozen(NOW + timedelta(days=200)):
        ladder = await members.ladder(person)
    assert ladder["rung"] == "active_participant", "time alone takes nobody down"
    assert ladder["next"]["rung"] == "champion"
    assert "Take part on a few more days." in ladder["next"]["what_would_help"]
