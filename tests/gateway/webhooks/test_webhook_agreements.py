"""Webhooks of organisations: an agreement stands behind what is about people, and when it expires nothing is sent."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from services.gateway.agreements import employers, store
from services.gateway.webhooks import stopping
from services.gateway.webhooks.completeness.domain import Asked, missed
from shared import clock
from shared.clock import Frozen
from shared.errors import NotFound
from shared.events.gateway import WebhookEndpointDisabled
from shared.events.grants.funds import FundCreated
from shared.events.members.directory import PersonCreated
from shared.events.members.gatherings import AttendanceRecorded
from shared.events.members.organisations import AffiliationChanged
from shared.testing.eventually import eventually
from tests.gateway.outward import Json, Outward

TODAY = date(2026, 5, 1)
THEIRS = "org_01j5x3m0e8f7v9q2k4t6w8y0ac"


@pytest.fixture(autouse=True)
def may() -> Iterator[Frozen]:
    """The tests of this module begin in May 2026."""
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)) as stopped:
        yield stopped


async def cover(outward: Outward, until: date, agreement: str = "agreement_1", data_class: str = "contact") -> None:
    """Let an agreement cover the organisation, as the gateway keeps it once members has told."""
    term: Json = {"organisation": THEIRS, "data_class": data_class, "purpose": "introductions"}
    dates = {"starts_on": date(2026, 1, 1), "expires_on": until}

    def put(session: Session) -> None:
        store.put_terms(session, outward.us.movement, agreement, [term | dates])
        stopping.review(session, outward.us.movement)

    await outward.parts.db.write(put)
    outward.sender.wake()


def body(outward: Outward, *types: str, **other: object) -> Json:
    return {"url": outward.receiver.url("/hook"), "types": list(types), "organisation": THEIRS, **other}


async def test_an_organisations_endpoint_takes_nothing_about_people_that_no_agreement_covers(outward: Outward) -> None:
    await cover(outward, date(2027, 1, 1))

    async def refused(**sent: object) -> tuple[int, str]:
        answer = await outward.us.client.post("/v1/webhook-endpoints", json=sent)
        return answer.status_code, answer.json()["code"]

    for types in (["*"], ["attendance.*"], ["person.*", "booking.changed"]):
        assert await refused(**body(outward, *types, purpose="introductions")) == (403, "agreement_missing")
    assert await refused(**body(outward, "person.*", purpose="newsletter")) == (403, "agreement_missing")
    assert await refused(**body(outward, "person.*")) == (422, "invalid")
    await outward.us.post("/v1/webhook-endpoints", body(outward, "fund.*"))
    records: Json = {"purpose": "introductions", "enrichment": ["attendances:read"]}
    assert await refused(**body(outward, "fund.*", **records)) == (403, "agreement_missing")
    await outward.us.post("/v1/webhook-endpoints", body(outward, "fund.*", **records | {"enrichment": ["people:read"]}))
    made = await outward.us.post("/v1/webhook-endpoints", body(outward, "person.*", purpose="introductions"))
    assert (made["organisation"], made["purpose"]) == (THEIRS, "introductions")


async def test_what_was_missed_and_what_a_change_would_bring_is_shown_while_an_agreement_covers_it(
    outward: Outward, may: Frozen
) -> None:
    await cover(outward, date(2026, 6, 1))
    endpoint = await outward.us.post("/v1/webhook-endpoints", body(outward, "person.*", purpose="introductions"))
    await outward.publish(PersonCreated(person="person_1"), FundCreated(fund="fund_1", currency="GBP"))
    await outward.settled(endpoint, "succeeded")
    path = f"/v1/webhook-endpoints/{endpoint['id']}"

    async def answered(change: Json) -> list[str | int]:
        tried = await outward.us.client.post(f"{path}/dry-run", json=change)
        missed = await outward.us.client.get(f"{path}/events")
        return [each.json().get("code", each.status_code) for each in (tried, missed)]

    assert await answered({"types": ["person.*", "fund.*"]}) == [200, 200]
    assert await answered({"types": ["person.*", "attendance.*"]}) == ["agreement_missing", 200]
    may.at = datetime(2026, 6, 1, tzinfo=UTC)
    assert await answered({"types": ["fund.*"]}) == ["agreement_expired", "agreement_expired"]
    with pytest.raises(NotFound):  # nor does another organisation see it, which has an agreement of its own
        await outward.parts.db.read(missed, outward.us.movement, endpoint["id"], "org_of_others", Asked(), None, 10)


async def test_when_the_agreement_expires_what_waits_is_held_and_the_owner_is_told_why(
    outward: Outward, may: Frozen
) -> None:
    await cover(outward, date(2026, 6, 1))
    about = body(outward, "person.*", purpose="introductions")
    endpoint = await outward.us.post("/v1/webhook-endpoints", about)
    await outward.publish(PersonCreated(person="person_1"))
    await outward.settled(endpoint, "succeeded")
    may.at = datetime(2026, 6, 1, tzinfo=UTC)
    await outward.publish(PersonCreated(person="person_2"))
    await outward.fed(2)
    await stopping.look(outward.parts)
    stopped = await outward.us.get(f"/v1/webhook-endpoints/{endpoint['id']}")
    assert (stopped["status"], stopped["disabled_reason"]) == ("disabled", "agreement_expired")
    told = await eventually(lambda: _told(outward))
    assert told == [{"endpoint": endpoint["id"], "reason": "agreement_expired"}]
    path = f"/v1/webhook-endpoints/{endpoint['id']}"
    resumed = await outward.us.client.patch(path, json={"status": "enabled"}, headers={"if-match": "*"})
    assert (resumed.status_code, resumed.json()["code"]) == (403, "agreement_expired")
    assert [got.event["data"]["person"] for got in outward.receiver.at("/hook")] == ["person_1"]

    await cover(outward, date(2027, 1, 1), "agreement_2")
    await outward.us.change(endpoint, status="enabled")
    await eventually(lambda: len(outward.receiver.at("/hook")) == 2)
    assert outward.receiver.at("/hook")[1].event["data"]["person"] == "person_2"


async def test_an_agreement_that_takes_over_keeps_the_endpoint_going(outward: Outward, may: Frozen) -> None:
    await cover(outward, date(2026, 6, 1))
    about = body(outward, "person.*", purpose="introductions")
    endpoint = await outward.us.post("/v1/webhook-endpoints", about)
    await cover(outward, date(2027, 1, 1), "agreement_2")
    may.at = datetime(2026, 6, 1, tzinfo=UTC)
    await stopping.look(outward.parts)
    await outward.publish(PersonCreated(person="person_1"), FundCreated(fund="fund_1", currency="GBP"))
    await outward.settled(endpoint, "succeeded")


async def test_an_agreement_that_ends_early_stops_the_endpoint_at_once(outward: Outward) -> None:
    await cover(outward, date(2027, 1, 1))
    about = body(outward, "person.*", purpose="introductions")
    endpoint = await outward.us.post("/v1/webhook-endpoints", about)
    await cover(outward, date(2026, 5, 1))
    await outward.publish(PersonCreated(person="person_1"))
    await outward.fed(1)
    await stopping.look(outward.parts)
    assert (await outward.us.get(f"/v1/webhook-endpoints/{endpoint['id']}"))["status"] == "disabled"
    assert outward.receiver.got == []


async def test_no_employer_is_sent_whether_its_own_staff_came(outward: Outward) -> None:
    await cover(outward, date(2027, 1, 1), data_class="attendance")
    about = body(outward, "attendance.*", purpose="introductions")
    endpoint = await outward.us.post("/v1/webhook-endpoints", about)
    for person, until in (("person_theirs", None), ("person_until_june", date(2026, 6, 1)), ("person_once", TODAY)):
        place = AffiliationChanged(affiliation=f"of {person}", organisation=THEIRS, person=person, until=until)
        await outward.parts.db.write(employers.note, outward.us.movement, place)
    came: Json = {"gathering": "gathering_1", "slot": "slot_1", "status": "attended", "people": 1}
    for person in ("person_theirs", "person_until_june", "person_once", "person_other"):
        await outward.publish(AttendanceRecorded(attendance=f"attendance_{person}", person=person, **came))
    await outward.settled(endpoint, "succeeded", 2)
    told = {got.event["data"]["person"] for got in outward.receiver.at("/hook")}
    assert told == {"person_once", "person_other"}
    assert len(await outward.us.deliveries(endpoint)) == 2


async def _told(outward: Outward) -> list[Json]:
    page = await outward.us.get("/v1/events", types=WebhookEndpointDisabled.event_type)
    return [event["data"] for event in page["data"]]
