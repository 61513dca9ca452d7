"""Traces at the gateway: of what the feed knows, of what a service that is away may know, and for whom."""

import pytest

from shared.events.members.directory import PersonCreated
from shared.events.members.pledges import PledgeMade
from shared.ids import new_id
from shared.testing.eventually import eventually
from tests.gateway.log import Log
from tests.gateway.running import Gateway

pytestmark = pytest.mark.parametrize("gateway_url", ["sqlite", "postgres"], indirect=True)


@pytest.fixture(autouse=True)
def nothing_written(gateway: Gateway) -> None:
    """The services have nothing of it in their outboxes."""
    for standin in gateway.standins.values():
        standin.body = b"[]"


async def movement_of(gateway: Gateway) -> str:
    """The id of the first movement."""
    here = gateway.platform.carrying(backbone_movement="we-can-move")
    identifier: str = (await here.get("/v1/me")).json()["movement"]["id"]
    return identifier


async def test_what_the_outbox_has_forgotten_is_told_by_the_feed(gateway: Gateway) -> None:
    person = new_id("person")
    events = (PersonCreated(person=person), PledgeMade(person=person, pledge=new_id("pledge"), campaign=None))
    await Log(gateway.parts.bus).publish(await movement_of(gateway), *events)

    async def there() -> bool:
        answer = await gateway.platform.get(f"/v1/trace/{person}")
        return answer.status_code == 200 and len(answer.json()["events"]) == len(events)

    await eventually(there, within=10)
    told = (await gateway.platform.get(f"/v1/trace/{person}")).json()
    assert [(each["type"], each["sequence"]) for each in told["events"]] == [("person.created", 1), ("pledge.made", 2)]
    assert {each["state"] for each in told["events"][0]["projections"]} == {"applied"}
    theirs = await gateway.other_movement()
    assert (await theirs.get(f"/v1/trace/{person}")).status_code == 404


async def test_an_event_that_cannot_be_applied_is_told_as_parked(gateway: Gateway) -> None:
    person = new_id("person")
    log = Log(gateway.parts.bus)
    log.sequences[person] += 1  # the first event never comes: a gap
    await log.publish(await movement_of(gateway), PersonCreated(person=person))
    gateway.standins["members"].body = (
        b'[{"event":"evt_01j5x3m0e8f7v9q2k4t6w8y0ab","type":"person.created","key":"%s","sequence":2,"actor":"key_1",'
        b'"causation":null,"traceparent":null,"occurred_at":1795363845743,"published_at":1795363845745}]'
    ) % person.encode()

    async def parked() -> bool:
        (event,) = (await gateway.platform.get(f"/v1/trace/{person}")).json()["events"]
        return "parked" in {each["state"] for each in event["projections"]}

    await eventually(parked, within=10)


async def test_a_service_that_is_away_is_named_for_it_may_know_more(gateway: Gateway) -> None:
    gateway.standins["grants"].status = 500
    told = await gateway.platform.get(f"/v1/trace/{new_id('award')}")
    assert (told.status_code, told.json()["events"]) == (200, [])
    assert [each["service"] for each in told.json()["missing"]] == ["grants"]


async def test_what_nobody_knows_or_is_no_id_is_refused(gateway: Gateway) -> None:
    assert (await gateway.platform.get(f"/v1/trace/{new_id('award')}")).status_code == 404
    assert (await gateway.platform.get("/v1/trace/Ada%20Lovelace")).status_code == 422


async def test_it_takes_the_scope_of_events_and_that_of_webhooks_for_deliveries(gateway: Gateway) -> None:
    person = new_id("person")
    await Log(gateway.parts.bus).publish(await movement_of(gateway), PersonCreated(person=person))
    assert (await (await gateway.key("people:read")).get(f"/v1/trace/{person}")).status_code == 403
    reader = await gateway.key("events:read")

    async def there() -> bool:
        return (await reader.get(f"/v1/trace/{person}")).status_code == 200

    await eventually(there, within=10)
    (event,) = (await reader.get(f"/v1/trace/{person}")).json()["events"]
    assert event["deliveries"] is None
