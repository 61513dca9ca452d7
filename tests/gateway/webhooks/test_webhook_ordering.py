"""The order of deliveries: a subject's, or all of them, one after another, whatever fails, dies or answers late."""

import random
from collections import defaultdict
from datetime import timedelta

from services.gateway.webhooks.lanes import LONGEST_REST
from services.gateway.webhooks.models import Ordering
from services.gateway.webhooks.schedule import DELAYS
from shared import clock
from shared.events.gateway import WebhookEndpointHeldUp
from shared.events.members.directory import PersonUpdated
from shared.testing.eventually import eventually
from tests.gateway.outward import Json, Outward
from tests.gateway.receiver import Got, Say
from tests.gateway.running import ON_ONE_DATABASE

PEOPLE = ("person_1", "person_2", "person_3")


def changes(count: int) -> list[PersonUpdated]:
    """So many changes of each of three people, in turns."""
    return [PersonUpdated(person=person, version=number) for number in range(2, 2 + count) for person in PEOPLE]


async def ordered(outward: Outward, ordering: Ordering) -> Json:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    return await outward.us.change(endpoint, ordering=ordering)


async def test_a_subject_that_fails_holds_up_its_own_events_and_nobody_elses(outward: Outward) -> None:
    async def refuse_one(got: Got) -> Say:
        return Say(500 if got.event["subject"] == PEOPLE[0] else 200)

    outward.receiver.answers["/hook"] = refuse_one
    with clock.frozen(clock.now()) as time:
        endpoint = await ordered(outward, "ordered_by_key")
        await outward.publish(*changes(3))
        await outward.settled(endpoint, "succeeded", 6)
        assert _arrived(outward)[PEOPLE[0]] == [1]
        assert len(await outward.us.deliveries(endpoint, status="behind")) == 2
        outward.receiver.says("/hook", 200)
        time.advance(timedelta(seconds=5))
        outward.sender.wake()
        await outward.settled(endpoint, "succeeded", 9)

    assert _arrived(outward) == {PEOPLE[0]: [1, 1, 2, 3], PEOPLE[1]: [1, 2, 3], PEOPLE[2]: [1, 2, 3]}


async def test_a_strict_endpoint_gets_all_events_one_after_another(outward: Outward) -> None:
    endpoint = await ordered(outward, "strict")
    await outward.publish(*changes(5))
    await outward.settled(endpoint, "succeeded", 15)

    events = [got.event for got in outward.receiver.got]
    assert [(event["sequence"], event["subject"]) for event in events] == [
        (number, person) for number in range(1, 6) for person in PEOPLE
    ]
    assert outward.receiver.most_under_way == 1


@ON_ONE_DATABASE
async def test_an_endpoint_that_was_gone_goes_on_where_it_was(outward: Outward) -> None:
    outward.receiver.says("/hook", 410, 200)
    with clock.frozen(clock.now()) as time:
        endpoint = await ordered(outward, "ordered_by_key")
        await outward.publish(*changes(2)[::3])
        await outward.settled(endpoint, "pending")
        await outward.fed(3)  # and that it is disabled
        time.advance(timedelta(seconds=5))
        await outward.us.change(endpoint, status="enabled")
        await outward.settled(endpoint, "succeeded", 2)

    assert _arrived(outward) == {PEOPLE[0]: [1, 1, 2]}


@ON_ONE_DATABASE
async def test_what_fails_for_good_holds_up_its_subject_is_told_of_once_and_goes_by_being_skipped(
    outward: Outward,
) -> None:
    async def refuse_the_first(got: Got) -> Say:
        return Say(500 if (got.event["subject"], got.event["sequence"]) == (PEOPLE[0], 1) else 200)

    outward.receiver.answers["/hook"] = refuse_the_first
    with clock.frozen(clock.now()) as time:
        endpoint = await ordered(outward, "ordered_by_key")
        await outward.publish(*changes(2))
        await outward.settled(endpoint, "succeeded", 4)
        for attempt, delay in enumerate([*DELAYS, DELAYS[-1]], 1):
            await _tried(outward, endpoint, attempt)
            time.advance(timedelta(microseconds=delay + LONGEST_REST))  # it may have to rest
            outward.sender.wake()
        held = await _tried(outward, endpoint, 11)
        await outward.fed(7)
        (told,) = (await outward.us.get("/v1/events", types=WebhookEndpointHeldUp.event_type))["data"]
        assert told["data"] == {"endpoint": endpoint["id"], "delivery": held["id"]}
        assert _arrived(outward)[PEOPLE[0]][-1] == 1

        path = f"/v1/webhook-endpoints/{endpoint['id']}/deliveries/{held['id']}/skip"
        assert (await outward.us.post(path))["status"] == "exhausted"
        await outward.settled(endpoint, "succeeded", 6)
        again = await outward.us.client.post(path)
        assert (again.status_code, again.json()["code"]) == (409, "nothing_behind")

    assert _arrived(outward)[PEOPLE[0]][-2:] == [1, 2]


async def test_what_was_missed_comes_first_where_an_endpoint_is_paused_until_it_is_recovered(outward: Outward) -> None:
    outward.receiver.says("/hook", 410)
    with clock.frozen(clock.now()) as time:
        endpoint = await ordered(outward, "ordered_by_key")
        await outward.publish(*changes(1))
        await outward.fed(4)  # and that it is disabled
        await outward.publish(*changes(2))
        await outward.fed(10)
        outward.receiver.says("/hook", 200)
        await outward.us.change(endpoint, status="paused")
        await outward.publish(*changes(1))
        await outward.fed(13)
        path = f"/v1/webhook-endpoints/{endpoint['id']}"
        job = await outward.us.post(f"{path}/recover", {"since": "2026-01-01T00:00:00Z"})
        await outward.publish(*changes(2))

        async def is_done() -> bool:
            return bool((await outward.us.get(f"{path}/recoveries/{job['id']}"))["status"] == "done")

        await eventually(is_done)
        await outward.fed(19)
        time.advance(timedelta(seconds=5))
        await outward.us.change(endpoint, status="enabled")
        await outward.settled(endpoint, "succeeded", 19)

    arrived = _arrived(outward)
    for person in PEOPLE:
        assert list(dict.fromkeys(arrived[person])) == list(range(1, 7)), person


@ON_ONE_DATABASE
async def test_a_receiver_that_fails_a_third_of_the_time_still_sees_each_subject_in_order(outward: Outward) -> None:
    chance = random.Random(9)

    async def moody(got: Got) -> Say:
        return Say(chance.choice((200, 200, 503)))

    outward.receiver.answers["/hook"] = moody
    with clock.frozen(clock.now()) as time:
        endpoint = await ordered(outward, "ordered_by_key")
        await outward.publish(*changes(8))
        await outward.fed(24)
        while await outward.us.deliveries(endpoint, status="pending"):
            time.advance(timedelta(minutes=5))
            outward.sender.wake()
        await outward.settled(endpoint, "succeeded", 24)

    for sequences in _arrived(outward).values():
        assert sorted(sequences) == sequences
        assert set(sequences) == set(range(1, 9))


async def _tried(outward: Outward, endpoint: Json, attempts: int) -> Json:
    """Wait until some delivery was tried so often, in vain; the delivery."""

    async def look() -> Json | None:
        waiting = await outward.us.deliveries(endpoint, status="pending")
        return next((one for one in waiting if one["attempts"] == attempts), None)

    found = await eventually(look)
    assert found is not None
    return found


def _arrived(outward: Outward) -> dict[str, list[int]]:
    """The sequences of each subject, in the order in which they arrived."""
    arrived: dict[str, list[int]] = defaultdict(list)
    for got in outward.receiver.got:
        arrived[got.event["subject"]].append(got.event["sequence"])
    return arrived
