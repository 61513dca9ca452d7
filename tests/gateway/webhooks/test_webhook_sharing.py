"""Somebody says stop or no, or their data rests: no other organisation's webhook is sent it, queued before or not."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy.orm import Session

from services.gateway.agreements import sharing, store
from services.gateway.agreements.models import ControllerTerm
from services.gateway.webhooks.lanes import AT_FIRST
from shared.events.members.directory import PersonCreated, PersonUpdated
from shared.events.members.trust import PersonStopped
from tests.gateway.outward import Outward
from tests.gateway.webhooks.test_webhook_agreements import THEIRS, TODAY, body, cover, may

__all__ = ["may"]  # the clock of those tests is the one of these

COVERED = TODAY.replace(year=2027)
STOPPED, OTHER = "person_stopped", "person_other"


async def stop(outward: Outward, person: str = STOPPED) -> None:
    """What hearing of a stop does."""

    def note(session: Session) -> None:
        sharing.note(session, outward.us.movement, person)

    await outward.parts.db.write(note)
    outward.sender.recall()


async def rest(outward: Outward) -> None:
    """What hearing of a restriction does."""
    await outward.parts.db.write(sharing.bar, outward.us.movement, STOPPED, "restriction_1")
    outward.sender.recall()


async def refuse(outward: Outward) -> None:
    """What hearing of a refusal does."""
    await outward.parts.db.write(sharing.forbid, outward.us.movement, STOPPED, "introductions")
    outward.sender.recall()


@pytest.mark.parametrize("ending", [stop, rest, refuse])
async def test_what_waits_for_another_organisation_is_withheld_and_everybody_else_is_told(
    outward: Outward, ending: Callable[[Outward], Awaitable[None]]
) -> None:
    await cover(outward, COVERED)
    theirs = await outward.us.post("/v1/webhook-endpoints", body(outward, "person.*", purpose="introductions"))
    ours = await outward.us.endpoint(outward.receiver.url("/ours"), "person.*")
    for endpoint in (theirs, ours):
        await outward.us.change(endpoint, status="paused")
    for person in (STOPPED, OTHER):
        await outward.publish(PersonCreated(person=person))
    await outward.fed(2)
    await ending(outward)
    for endpoint in (theirs, ours):
        await outward.us.change(endpoint, status="enabled")
    await outward.settled(theirs, "succeeded")
    await outward.settled(ours, "succeeded", 2)
    assert [got.event["data"]["person"] for got in outward.receiver.at("/hook")] == [OTHER]
    assert len(await outward.us.deliveries(theirs, status="withheld")) == 1


async def test_what_the_sender_holds_already_is_looked_at_again(outward: Outward) -> None:
    await cover(outward, COVERED)
    outward.receiver.holds("/hook")
    theirs = await outward.us.post("/v1/webhook-endpoints", body(outward, "person.*", purpose="introductions"))
    people = [f"person_{number}" for number in range(20)]
    await outward.publish(*(PersonCreated(person=person) for person in people))
    await outward.received("/hook", AT_FIRST)
    await stop(outward, people[-1])
    outward.receiver.let_go()
    await outward.settled(theirs, "succeeded", 19)
    assert len(await outward.us.deliveries(theirs, status="withheld")) == 1


async def test_only_the_stop_itself_is_told_from_then_on_until_they_say_yes_to_that_purpose(outward: Outward) -> None:
    await cover(outward, COVERED)
    about = body(outward, "person.*", purpose="introductions")
    theirs = await outward.us.post("/v1/webhook-endpoints", about)
    await stop(outward)
    await outward.publish(PersonUpdated(person=STOPPED, version=2), PersonStopped(person=STOPPED, stop="stop_1"))
    await outward.settled(theirs, "succeeded")
    for number, purpose in enumerate(("newsletter", "introductions"), 3):
        await outward.parts.db.write(sharing.allow, outward.us.movement, STOPPED, purpose)
        await outward.publish(PersonUpdated(person=STOPPED, version=number))
        await outward.fed(number)
    await outward.settled(theirs, "succeeded", 2)
    assert [got.event["type"] for got in outward.receiver.at("/hook")] == ["person.stopped", "person.updated"]
    await outward.parts.db.write(sharing.forbid, outward.us.movement, STOPPED, "introductions")
    await outward.publish(PersonUpdated(person=STOPPED, version=4), PersonCreated(person=OTHER))
    await outward.settled(theirs, "succeeded", 3)
    assert outward.receiver.at("/hook")[-1].event["data"]["person"] == OTHER


async def test_the_stop_of_either_holds_when_two_become_one(outward: Outward) -> None:
    await cover(outward, COVERED)
    theirs = await outward.us.post("/v1/webhook-endpoints", body(outward, "person.*", purpose="introductions"))
    await stop(outward)
    await outward.parts.db.write(sharing.note_merged, outward.us.movement, STOPPED, "person_into")
    await outward.publish(*(PersonCreated(person=person) for person in ("person_into", OTHER)))
    await outward.settled(theirs, "succeeded")
    assert [got.event["data"]["person"] for got in outward.receiver.at("/hook")] == [OTHER]


async def test_the_controller_of_the_records_goes_on_with_its_own_work(outward: Outward) -> None:
    controls = ControllerTerm(
        movement=outward.us.movement, id="controller_1", organisation=THEIRS, data_class="*", starts_on=TODAY,
        ended_on=None,
    )  # fmt: skip
    await outward.parts.db.write(store.put_controller, controls)
    await outward.us.post("/v1/webhook-endpoints", body(outward, "person.*", purpose="introductions"))
    await stop(outward)
    await outward.publish(PersonCreated(person=STOPPED))
    await outward.received("/hook")
