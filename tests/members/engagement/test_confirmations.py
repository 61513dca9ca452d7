"""Champions and co-owners: somebody confirms, the person answers, and may step back."""

from datetime import timedelta

from shared import clock
from tests.members.caller import Caller
from tests.members.engagement.test_ladder import CHAMPION, CO_OWNER, SAID, led

TOMORROW = (clock.now().date() + timedelta(days=2)).isoformat()


async def test_a_confirmation_waits_for_the_persons_answer(members: Caller, user: Caller) -> None:
    ada = await members.person()
    await led(members, ada, 6)
    path = f"/v1/people/{ada}/ladder/confirmations"
    offered = await user.post(path, {"rung": "champion"})
    assert (offered["state"], offered["answered_how"]) == ("offered", None)
    assert (await members.ladder(ada))["rung"] == "active_participant"
    status, problem = await user.refused(path, {"rung": "champion"})
    assert (status, problem["code"], problem["confirmation"]) == (409, "already_offered", offered["id"])
    late = {"how": "phone", "on": TOMORROW}
    assert (await members.refused(f"{path}/{offered['id']}/accept", late))[1]["code"] == "invalid"
    accepted = await members.post(f"{path}/{offered['id']}/accept", {**SAID, "how": "phone"}, status=200)
    assert (accepted["state"], accepted["answered_how"], accepted["answered_on"]) == ("accepted", "phone", SAID["on"])
    assert (await members.ladder(ada))["rung"] == "champion"
    assert (await members.refused(f"{path}/{offered['id']}/decline", SAID))[1]["code"] == "illegal_transition"
    assert (await members.get(path))["data"] == [accepted]
    answered = dict(await members.published(ada))["rung_confirmation.answered"]
    assert answered == {"person": ada, "confirmation": offered["id"], "rung": "champion", "answer": "accepted"}


async def test_declining_changes_no_rung_and_ends_the_waiting(members: Caller, user: Caller, other: Caller) -> None:
    ada = await members.person()
    await led(members, ada, 6)
    path = f"/v1/people/{ada}/ladder/confirmations"
    offered = await user.post(path, {"rung": "champion"})
    assert (await other.refused(f"{path}/{offered['id']}/decline", SAID))[0] == 404
    await members.post(f"{path}/{offered['id']}/decline", SAID, status=200)
    ladder = await members.ladder(ada)
    assert (ladder["rung"], ladder["eligible_for"]) == ("active_participant", None)
    waiting = {rung["rung"]: rung["awaiting_confirmation"] for rung in (await members.get("/v1/ladder"))["rungs"]}
    assert waiting["champion"] == 0
    again = await user.post(path, CHAMPION)
    assert (again["state"], (await members.ladder(ada))["rung"]) == ("accepted", "champion")


async def test_whoever_steps_back_stands_lower_at_once_and_is_not_asked_again(members: Caller, user: Caller) -> None:
    ada = await members.person()
    await led(members, ada, 12)
    for confirmation in (CHAMPION, CO_OWNER):
        await user.post(f"/v1/people/{ada}/ladder/confirmations", confirmation)
    path = f"/v1/people/{ada}/ladder/step-back"
    await members.post_nothing(path, {**SAID, "to": "champion"})
    ladder = await members.ladder(ada)
    assert (ladder["rung"], ladder["eligible_for"], ladder["history"][-1]["cause"]) == (
        "champion",
        None,
        "stepped_back",
    )
    await members.post_nothing(path, {**SAID, "to": "active_participant"})
    assert (await members.ladder(ada))["rung"] == "active_participant"
    assert (await members.refused(path, {**SAID, "to": "active_participant"}))[1]["code"] == "not_eligible"
    await members.did(ada, clock.now().date())
    assert (await members.ladder(ada))["rung"] == "active_participant"


async def test_an_offer_cannot_be_accepted_once_what_it_rests_on_was_voided(members: Caller, user: Caller) -> None:
    ada = await members.person()
    await led(members, ada, 6)
    path = f"/v1/people/{ada}/ladder/confirmations"
    offered = await user.post(path, {"rung": "champion"})
    (first, *_) = (await members.get("/v1/activities", person=ada))["data"]
    await members.post(f"/v1/activities/{first['id']}/void", {"reason": "It was called off."}, status=200)
    assert (await members.refused(f"{path}/{offered['id']}/accept", SAID))[1]["code"] == "not_eligible"
    assert (await members.get(path))["data"][0]["state"] == "offered"
