"""What is in a body: which events are sent by what they hold, in which shape, and with which record."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from msgspec import Raw, json, structs

from services.gateway.access.scopes import ScopeNotHeld
from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks.enriching import Record, record_of
from services.gateway.webhooks.models import Attempt
from services.gateway.webhooks.queue import Destination
from services.gateway.webhooks.requests import refuse_faults
from services.gateway.webhooks.schemas import NewEndpoint
from shared.auth import Principal
from shared.events.grants.awards import AwardOffered
from shared.events.members.directory import PersonCreated
from tests.gateway.outward import Json, Outward
from tests.gateway.receiver import Got, Say
from tests.gateway.running import ON_ONE_DATABASE
from tests.gateway.standin import StandIn

ENDPOINTS = "/v1/webhook-endpoints"
PERSON = "person_01j5x3m0e8f7v9q2k4t6w8y0ab"


def offered(award: str, *pounds: int) -> list[AwardOffered]:
    return [
        AwardOffered(award=award, application="a", round="r", amount_pence=100 * each, currency="GBP")
        for each in pounds
    ]


async def made(outward: Outward, path: str = "/hook", **settings: object) -> Json:
    body = {"url": outward.receiver.url(path), "types": ["*"], **settings}
    return await outward.us.post(ENDPOINTS, body)


async def test_only_what_a_payload_filter_is_true_of_is_sent_and_a_gap_can_still_be_seen(outward: Outward) -> None:
    large = await made(outward, types=["award.*"], payload_filter="data.amount_pence >= `50000`")
    await outward.publish(*offered("award_1", 500, 100, 200, 900), *offered("award_2", 100), *offered("award_3", 700))

    got = await outward.received("/hook", 3)

    assert {(one.event["subject"], one.event["sequence"], one.event["previous_sequence"]) for one in got} == {
        ("award_1", 1, None), ("award_1", 4, 1), ("award_3", 1, None),
    }  # fmt: skip
    missed = await outward.us.get(
        f"{ENDPOINTS}/{large['id']}/events", source="/grants", subject="award_1", after_sequence=0, before_sequence=5
    )
    assert [one["sequence"] for one in missed["data"]] == [1, 4]


@ON_ONE_DATABASE
async def test_the_event_before_is_found_however_far_back_it_lies(outward: Outward) -> None:
    await made(outward, payload_filter="data.amount_pence >= `50000`")
    await outward.publish(*offered("award_1", 500, *([1] * 250), 600))

    got = await outward.received("/hook", 2)

    assert {(one.event["sequence"], one.event["previous_sequence"]) for one in got} == {(1, None), (252, 1)}


@ON_ONE_DATABASE
async def test_a_recovery_sends_what_the_filter_is_true_of_and_no_more(outward: Outward) -> None:
    outward.receiver.says("/hook", 410, 200)
    endpoint = await made(outward, payload_filter="data.amount_pence >= `50000`")
    await outward.publish(*offered("award_1", 500))
    await outward.settled(endpoint, "exhausted")
    await outward.publish(*offered("award_1", 100, 600))
    await outward.fed(4)
    await outward.us.change(endpoint, status="enabled")
    await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/recover", {"since": "2026-01-01T00:00:00Z"})

    got = await outward.received("/hook", 3)

    assert [one.event["sequence"] for one in got[:1]] == [1]
    assert {one.event["sequence"] for one in got[1:]} == {1, 3}


@ON_ONE_DATABASE
async def test_a_mapping_shapes_the_data_and_leaves_the_envelope(outward: Outward) -> None:
    await made(outward, mapping="{award_id: subject, pounds: data.amount_pence, kind: type}")
    await outward.publish(*offered("award_1", 500))

    (got,) = await outward.received("/hook")

    assert got.event["data"] == {"award_id": "award_1", "pounds": 50_000, "kind": "award.offered"}
    assert (got.event["subject"], got.event["sequence"]) == ("award_1", 1)


@ON_ONE_DATABASE
async def test_a_mapping_that_does_not_fit_is_a_failed_attempt_that_an_edit_mends(outward: Outward) -> None:
    endpoint = await made(outward, mapping="length(data.amount_pence)")
    await outward.publish(*offered("award_1", 500))
    delivery = await outward.attempts(endpoint, 1)
    (attempt,) = await outward.us.log(endpoint, delivery)
    await outward.us.change(endpoint, mapping=None)
    await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/deliveries/{delivery['id']}/resend")

    (got,) = await outward.received("/hook")

    assert attempt["error"].startswith("mapping_failed: In function length()")
    assert (attempt["status"], attempt["address"]) == (None, None)
    assert "50000" not in attempt["error"]
    assert got.event["data"]["amount_pence"] == 50_000


REFUSED: list[tuple[Json, list[str]]] = [
    ({"payload_filter": "data."}, ["/payload_filter"]),
    ({"mapping": "nofunction(@)", "payload_filter": "["}, ["/payload_filter", "/mapping"]),
    ({"mapping": " | ".join(["[@,@]"] * 30)}, ["/mapping"]),
    ({"payload_filter": ""}, ["/payload_filter"]),
    ({"mapping": "'\x00'"}, ["/mapping"]),
    ({"payload_filter": "a" * 2001}, ["/payload_filter"]),
    ({"enrichment": ["people:write"]}, ["/enrichment/0"]),
    ({"enrichment": ["people:read", "*:read"]}, ["/enrichment/1"]),
    ({"enrichment": ["nothing:read"]}, ["/enrichment/0"]),
]


@ON_ONE_DATABASE
async def test_what_cannot_be_filtered_shaped_or_asked_is_refused_by_pointer(outward: Outward) -> None:
    endpoint = await made(outward)
    for body, pointers in REFUSED:
        asked = {"url": outward.receiver.url("/hook"), "types": ["*"], **body}
        refused = await outward.us.client.post(ENDPOINTS, json=asked)
        path = f"{ENDPOINTS}/{endpoint['id']}"
        changed = await outward.us.client.patch(path, json=body, headers={"if-match": "*"})
        for answered in (refused, changed):
            assert answered.status_code == 422
            assert [fault["pointer"] for fault in answered.json()["errors"]] == pointers
    (kept,) = (await outward.us.get(ENDPOINTS))["data"]
    assert kept == {name: value for name, value in endpoint.items() if name != "secret"}


@ON_ONE_DATABASE
async def test_nobody_has_records_asked_for_under_a_scope_that_they_do_not_hold(outward: Outward) -> None:
    asked = NewEndpoint(url=outward.receiver.url("/hook"), types=["*"], enrichment=["people:read", "voices:read"])
    holds_one = Principal("key_1", outward.us.movement, frozenset({"webhooks:write", "people:read"}))

    with pytest.raises(ScopeNotHeld) as refused:
        await refuse_faults(outward.sender, holds_one, asked)

    assert [fault.pointer for fault in refused.value.faults] == ["/enrichment"]
    assert "voices:read" in refused.value.detail
    assert "people:read" not in refused.value.detail


@ON_ONE_DATABASE
async def test_an_edit_empties_a_filter_and_no_url(outward: Outward) -> None:
    endpoint = await made(outward, payload_filter="type == 'fund.created'", mapping="type", enrichment=["people:read"])
    changed = await outward.us.change(endpoint, payload_filter=None, mapping=None, enrichment=[])
    assert (changed["payload_filter"], changed["mapping"], changed["enrichment"]) == (None, None, [])
    refused = await outward.us.client.patch(
        f"{ENDPOINTS}/{endpoint['id']}", json={"url": None}, headers={"if-match": "*"}
    )
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/url"]


@ON_ONE_DATABASE
async def test_the_record_is_asked_for_as_it_is_sent_under_the_scope_and_kept_nowhere(
    outward: Outward, standins: Mapping[str, StandIn]
) -> None:
    standins["members"].body = b'{"id": "x", "names": "Rosalind Ambleforth"}'
    outward.receiver.answers["/hook"] = _echo
    endpoint = await made(outward, enrichment=["people:read"], mapping="{name: data.record.names}")
    await outward.publish(PersonCreated(person=PERSON))
    (got,) = await outward.received("/hook")
    (delivery,) = await outward.settled(endpoint, "succeeded")

    assert got.event["data"] == {"name": "Rosalind Ambleforth"}
    (asked,) = standins["members"].asked
    assert (asked.method, asked.path) == ("GET", f"/v1/people/{PERSON}")
    stored = await outward.parts.db.read(lambda session: session.scalars(sa.select(Attempt.answer)).all())
    assert list(stored) == [None]  # the receiver said it again, and not even that is kept
    assert (await outward.us.log(endpoint, delivery))[0]["answer"] == ""


@ON_ONE_DATABASE
async def test_where_the_record_cannot_be_had_the_event_is_sent_without_and_says_why(
    outward: Outward, standins: Mapping[str, StandIn]
) -> None:
    await made(outward, enrichment=["people:read"])
    for count, (status, why) in enumerate(
        [(403, "not_allowed"), (404, "not_found"), (500, "unavailable"), (200, "unavailable")], 1
    ):
        standins["members"].status, standins["members"].body = status, b"no JSON"
        await outward.publish(PersonCreated(person=PERSON))

        got = await outward.received("/hook", count)

        assert got[-1].event["data"] == {"person": PERSON, "record": None, "record_missing": why}


@ON_ONE_DATABASE
async def test_another_organisation_has_somebodys_record_only_while_they_permit_it(
    outward: Outward, standins: Mapping[str, StandIn]
) -> None:
    members, org = standins["members"], "org_01j5x3m0e8f7v9q2k4t6w8y0ac"
    to = Destination(True, outward.us.movement, "hook_1", "", "*", b"", organisation=org, purpose="introductions")
    to = structs.replace(to, enrichment="people:read")
    item = Item(
        outward.us.movement, 1, "evt_1", "person.created", "members", PERSON, 1, "a", None, None, None, 0, 0, b"{}"
    )
    for answer, expected in (
        (b'{"people": [{"person": "p"}], "withheld": []}', Record(Raw(b'{"person": "p"}'))),
        (b'{"people": [], "withheld": ["%b"]}' % PERSON.encode(), Record(None, "not_permitted")),
        (b'{"people": [], "withheld": []}', Record(None, "not_found")),
    ):
        members.body = answer
        assert await record_of(outward.parts, to, item) == expected
    asked = members.asked[0]
    assert (asked.method, asked.path) == ("POST", "/internal/handed-on")
    assert json.decode(asked.body) == {"purpose": "introductions", "people": [PERSON]}


@ON_ONE_DATABASE
async def test_what_no_route_shows_is_sent_without_a_record(outward: Outward, standins: Mapping[str, StandIn]) -> None:
    endpoint = await made(outward, enrichment=["people:read"], types=["award.*"])
    await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/test")

    (got,) = await outward.received("/hook")

    assert got.event["data"] == {"endpoint": endpoint["id"], "record": None, "record_missing": "no_route"}
    assert standins["members"].asked == []


async def _echo(got: Got) -> Say:
    return Say(200, body=got.body)
