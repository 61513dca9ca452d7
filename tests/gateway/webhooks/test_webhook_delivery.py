"""From an event on the log to a partner's receiver: what is sent, how it is signed, and what is kept of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook, WebhookVerificationError
from svix.webhooks import Webhook as SvixWebhook
from svix.webhooks import WebhookVerificationError as SvixVerificationError

from services.gateway.webhooks.models import Attempt
from shared import clock
from shared.events.gateway import WebhookEndpointTested
from shared.events.grants.awards import AwardAccepted, AwardOffered
from shared.events.grants.funds import FundCreated
from shared.events.members.directory import MembershipJoined, PersonCreated
from shared.events.members.pledges import PledgeMade
from tests.gateway.outward import Outward
from tests.gateway.receiver import Got, Say

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
FUND = FundCreated(fund="fund_1", currency="GBP")


async def test_an_event_reaches_the_receiver_as_a_cloud_event(outward: Outward) -> None:
    await outward.us.endpoint(outward.receiver.url("/hook"), "fund.created")
    await outward.publish(FUND, traceparent=TRACE)

    (got,) = await outward.received("/hook")

    assert got.headers["content-type"] == "application/cloudevents+json"
    assert got.headers["traceparent"] == TRACE
    event = got.event
    assert event.pop("id").startswith("evt_")
    assert event.pop("time").endswith("Z")
    assert event.pop("recordedtime").endswith("Z")
    assert event == {
        "specversion": "1.0",
        "source": "/grants",
        "type": "fund.created",
        "subject": "fund_1",
        "dataref": "/v1/funds/fund_1",
        "datacontenttype": "application/json",
        "movement": outward.us.movement,
        "actor": "key_of_somebody",
        "traceparent": TRACE,
        "sequence": 1,
        "previous_sequence": None,
        "data": {"fund": "fund_1", "currency": "GBP"},
    }


@pytest.mark.usefixtures("by_the_machine")
async def test_the_packages_that_partners_use_verify_the_signature(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(FUND)
    (got,) = await outward.received("/hook")

    tampered = got.body.replace(b"fund_1", b"fund_2")

    Webhook(endpoint["secret"]).verify(got.body, dict(got.headers))
    SvixWebhook(endpoint["secret"]).verify(got.body, dict(got.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint["secret"]).verify(tampered, dict(got.headers))
    with pytest.raises(SvixVerificationError):
        SvixWebhook(endpoint["secret"]).verify(tampered, dict(got.headers))


async def test_for_a_day_after_rotation_the_old_secret_still_verifies(outward: Outward) -> None:
    with clock.frozen(clock.now()) as time:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        rotated = await outward.us.post(f"/v1/webhook-endpoints/{endpoint['id']}/secret")
        await outward.publish(FUND)
        (during,) = await outward.received("/hook")
        time.advance(timedelta(hours=24, seconds=1))
        await outward.publish(FundCreated(fund="fund_2", currency="GBP"))
        (_, after) = await outward.received("/hook", 2)

    assert _signers(during, endpoint["secret"], rotated["secret"]) == [True, True]
    assert _signers(after, endpoint["secret"], rotated["secret"]) == [False, True]


async def test_only_matching_types_are_sent_and_a_gap_in_them_can_be_seen(outward: Outward) -> None:
    await outward.us.endpoint(outward.receiver.url("/all"), "*")
    await outward.us.endpoint(outward.receiver.url("/awards"), "award.*")
    await outward.us.endpoint(outward.receiver.url("/people"), "person.created", "pledge.made")
    await outward.publish(
        PersonCreated(person="person_1"),
        MembershipJoined(person="person_1", membership="m_1", brought_by=None),
        PledgeMade(person="person_1", pledge="pledge_1", campaign=None),
    )
    await outward.publish(
        AwardOffered(award="award_1", application="a", round="r", amount_pence=50_000, currency="GBP"),
        AwardAccepted(award="award_1"),
    )

    assert _sequences(await outward.received("/all", 5)) == {
        ("person_1", 1, None), ("person_1", 2, 1), ("person_1", 3, 2), ("award_1", 1, None), ("award_1", 2, 1),
    }  # fmt: skip
    assert _sequences(await outward.received("/awards", 2)) == {("award_1", 1, None), ("award_1", 2, 1)}
    assert _sequences(await outward.received("/people", 2)) == {("person_1", 1, None), ("person_1", 3, 1)}


async def test_an_endpoint_gets_what_happens_after_it_was_made(outward: Outward) -> None:
    await outward.publish(FUND)
    await outward.fed(1)
    await outward.us.endpoint(outward.receiver.url("/early"))
    await outward.publish(FundCreated(fund="fund_2", currency="GBP"))

    (got,) = await outward.received("/early")

    assert got.event["subject"] == "fund_2"


async def test_an_attempt_is_logged_with_the_answer_and_the_address(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    outward.receiver.answers["/hook"] = _long_answer
    await outward.publish(FUND)

    (delivery,) = await outward.settled(endpoint, "succeeded")
    (attempt,) = await outward.us.log(endpoint, delivery)

    assert delivery["event_type"] == "fund.created"
    assert delivery["attempts"] == 1
    assert (attempt["status"], attempt["error"], attempt["address"]) == (202, None, "127.0.0.1")
    assert attempt["answer"] == "é" * 8192  # 16 KiB of it
    assert attempt["duration_ms"] >= 1
    stored = await outward.parts.db.read(lambda session: session.scalars(sa.select(Attempt.answer)).one())
    assert stored is not None
    assert "é".encode() * 8 not in stored


async def test_a_test_event_goes_to_one_endpoint_whatever_types_it_takes(outward: Outward) -> None:
    tested = await outward.us.endpoint(outward.receiver.url("/tested"), "award.*")
    await outward.us.endpoint(outward.receiver.url("/other"), "award.*")
    await outward.us.post(f"/v1/webhook-endpoints/{tested['id']}/test")

    (got,) = await outward.received("/tested")

    assert got.event["type"] == WebhookEndpointTested.event_type
    assert got.event["data"] == {"endpoint": tested["id"]}
    assert outward.receiver.at("/other") == []


async def test_hundreds_of_events_all_arrive_once(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(700)])

    got = await outward.received("/hook", 700)

    assert len({one.headers["webhook-id"] for one in got}) == 700
    await outward.nothing_pending(endpoint)


def _sequences(got: list[Got]) -> set[tuple[str, int, int | None]]:
    events = [one.event for one in got]
    return {(event["subject"], event["sequence"], event["previous_sequence"]) for event in events}


def _signers(got: Got, *secrets: str) -> list[bool]:
    """Which secrets made a signature of this request; its time does not matter."""
    found = []
    for secret in secrets:
        verifier = Webhook(secret)
        moment = clock.now().fromtimestamp(int(got.headers["webhook-timestamp"]), clock.now().tzinfo)
        wanted = verifier.sign(got.headers["webhook-id"], moment, got.body.decode())
        found.append(wanted in got.headers["webhook-signature"].split())
    return found


async def _long_answer(got: Got) -> Say:
    return Say(202, {}, "é".encode() * 20_000)
