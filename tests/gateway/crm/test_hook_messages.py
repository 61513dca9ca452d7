"""What a call says: HubSpot's events, and the records that a hook's own expressions find. Pure."""

import json

import pytest

from services.gateway.inbound.messages import Paths, Told, read, refused_channels
from services.gateway.inbound.models import Kind
from services.gateway.inbound.signatures import Scheme
from shared.errors import Invalid

PLAIN = Paths("@", "id", "deleted", "`[]`")
EVENT = {
    "objectId": 151, "propertyName": "firstname", "propertyValue": "Ada", "changeSource": "CRM_UI", "eventId": 1,
    "subscriptionId": 25, "portalId": 33, "appId": 7, "occurredAt": 1_780_000_000_000,
    "subscriptionType": "contact.propertyChange", "attemptNumber": 0,
}  # fmt: skip


def of_hubspot(*events: object) -> list[Told]:
    return read(Scheme.HUBSPOT_V3, PLAIN, None, json.dumps(events).encode())


def of_others(said: object, paths: Paths = PLAIN, message_id: str | None = "msg_1") -> list[Told]:
    return read(Scheme.STANDARD_WEBHOOKS, paths, message_id, json.dumps(said).encode())


def test_hubspots_events_of_contacts_are_told_one_by_one_and_those_of_others_are_passed_over() -> None:
    generic = {"subscriptionType": "object.creation", "objectTypeId": "0-1", "objectId": 152, "eventId": 4}
    told = of_hubspot(
        EVENT,
        EVENT | {"subscriptionType": "company.creation"},
        generic,
        generic | {"objectTypeId": "0-2"},
        EVENT | {"subscriptionType": "contact.associationChange"},
        EVENT | {"subscriptionType": "contact.privacyDeletion", "objectId": 153},
        EVENT | {"subscriptionType": "contact.merge", "primaryObjectId": 154, "mergedObjectIds": [155]},
    )
    deleted = Kind.DELETED
    assert [(each.record, each.kind) for each in told] == [
        ("151", Kind.CHANGED), ("152", Kind.CHANGED), ("153", deleted), ("154", Kind.CHANGED),
    ]  # fmt: skip


def test_hubspot_sending_an_event_again_is_known_by_all_of_it_but_the_attempt() -> None:
    (first,), (again,) = of_hubspot(EVENT), of_hubspot(EVENT | {"attemptNumber": 3})
    (other,) = of_hubspot(EVENT | {"propertyValue": "Augusta"})
    assert first.key == again.key != other.key, "an eventId alone is not unique"


def test_a_hook_says_where_its_records_are() -> None:
    said = {"data": [{"Contact": {"Id": "003A", "IsDeleted": False}}, {"Contact": {"Id": "003B", "IsDeleted": True}}]}
    told = of_others(said, Paths("data[].Contact", "Id", "IsDeleted", "`[]`"))
    assert [(each.record, each.kind, each.key) for each in told] == [
        ("003A", Kind.CHANGED, "msg_1 0"), ("003B", Kind.DELETED, "msg_1 1"),
    ]  # fmt: skip
    (one,) = of_others({"id": 7}, message_id=None)
    assert (one.record, one.key, json.loads(one.said)) == ("7", None, {"id": 7})


@pytest.mark.parametrize(
    "said",
    [
        "text", [1], {}, {"id": None}, {"id": True}, {"id": ""}, {"id": "x" * 201},
        {"id": "ada@example.org"}, {"id": "a\nb"}, [{"id": n} for n in range(1001)],
    ],
)  # fmt: skip
def test_what_has_no_record_or_calls_it_by_an_address_is_a_fault(said: object) -> None:
    with pytest.raises(Invalid):
        of_others(said)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"no": "list"}', b'[{"objectId": 1}]', b'["x"]'])
def test_what_is_no_list_of_events_is_a_fault_of_hubspot(body: bytes) -> None:
    with pytest.raises(Invalid):
        read(Scheme.HUBSPOT_V3, PLAIN, None, body)


def test_channels_that_are_refused_are_found_and_what_is_none_is_passed_over() -> None:
    path = "[do_not_email && 'email', do_not_fax && 'fax', do_not_phone && 'phone']"
    record = {"do_not_email": True, "do_not_fax": True, "do_not_phone": False}
    assert refused_channels(path, record) == {"email"}
    assert refused_channels("do_not_email", record) == set()
