"""What a call says: which records, what happened to each, and by what it is told from another. Pure.

HubSpot sends lists of events that name records. Everything else sends JSON in which the connection's own JMESPath finds
the records; what a message is told apart by then is its sender's id of it, or what it says.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from pydantic import JsonValue

from services.gateway.inbound.models import Kind
from services.gateway.inbound.signatures import Scheme
from shared.errors import Fault, Invalid
from shared.expressions import CannotEvaluate, evaluate

MOST_RECORDS = 1000
"""In one call; HubSpot sends at most 100 events."""

CHANNELS = frozenset({"email", "sms", "phone", "post"})
"""The channels by which a CRM could reach somebody."""

_LONGEST_ID = 200
_OF_PEOPLE = ("contact.", "object.")
_CONTACTS = "0-1"
"""HubSpot's type of contacts, where an event is not named after them."""
_GONE = frozenset({"deletion", "privacyDeletion"})
_NOT_OF_THE_RECORD = frozenset({"associationChange"})
_ATTEMPT = "attemptNumber"
"""What alone differs when HubSpot sends an event again."""


class Paths(NamedTuple):
    """Where a message has its records, what each is called, whether it was deleted, and by which channels its person
    does not want to be reached, in JMESPath."""

    records: str
    record_id: str
    deleted: str
    refusals: str


class Told(NamedTuple):
    """One thing that a CRM told. ``key`` is None where only what it says tells it apart; then ``digest`` does."""

    record: str
    kind: Kind
    key: str | None
    digest: str
    said: bytes


def read(scheme: Scheme, paths: Paths, message_id: str | None, body: bytes) -> list[Told]:
    """What a call told, in its order. Raises Invalid where it is no JSON, or has no record where one should be."""
    try:
        content: JsonValue = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise Invalid(faults=[Fault("", "is no JSON", "no_json")]) from None
    found = list(_events(content) if scheme is Scheme.HUBSPOT_V3 else _records(content, paths, message_id))
    if len(found) > MOST_RECORDS:
        raise Invalid(faults=[Fault("", f"has more than {MOST_RECORDS} records", "too_many")])
    return found


def _events(content: JsonValue) -> Iterator[Told]:
    if not isinstance(content, list):
        raise Invalid(faults=[Fault("", "is no list of events", "no_list")])
    for place, event in enumerate(content):
        if not isinstance(event, dict) or not isinstance(event.get("subscriptionType"), str):
            raise Invalid(faults=[Fault(f"/{place}", "is no event", "no_event")])
        if not _is_about_people(event):
            continue
        # A merge is told under the record that goes; the one that stays is to be read.
        record = _id(event.get("primaryObjectId", event.get("objectId")), f"/{place}/objectId")
        happened = str(event["subscriptionType"]).partition(".")[2]
        said = msgspec.json.encode({name: value for name, value in event.items() if name != _ATTEMPT}, order="sorted")
        # An eventId is "not guaranteed to be unique": the whole event is.
        digest = _digest(said)
        yield Told(record, Kind.DELETED if happened in _GONE else Kind.CHANGED, digest, digest, said)


def _is_about_people(event: Mapping[str, JsonValue]) -> bool:
    kind = str(event["subscriptionType"])
    if not kind.startswith(_OF_PEOPLE) or kind.partition(".")[2] in _NOT_OF_THE_RECORD:
        return False
    return kind.startswith(_OF_PEOPLE[0]) or event.get("objectTypeId") == _CONTACTS


def _records(content: JsonValue, paths: Paths, message_id: str | None) -> Iterator[Told]:
    found = _search(paths.records, content)
    for place, record in enumerate(found if isinstance(found, list) else [found]):
        if not isinstance(record, dict):
            raise Invalid(faults=[Fault(f"/{place}", "is no record", "no_record")])
        kind = Kind.DELETED if _search(paths.deleted, record) is True else Kind.CHANGED
        said = msgspec.json.encode(record, order="sorted")
        key = None if message_id is None else f"{message_id} {place}"
        yield Told(_id(_search(paths.record_id, record), f"/{place}"), kind, key, _digest(said), said)


def _search(path: str, among: JsonValue) -> JsonValue:
    try:
        return evaluate(path, among)
    except CannotEvaluate:
        raise Invalid(faults=[Fault("", "does not have the shape that this hook expects", "shape")]) from None


def _id(found: JsonValue, pointer: str) -> str:
    """What the CRM calls a record: never how somebody is reached, for the log shows it."""
    if isinstance(found, bool) or not isinstance(found, str | int) or not 0 < len(str(found)) <= _LONGEST_ID:
        raise Invalid(faults=[Fault(pointer, "does not say which record it is of", "no_record_id")])
    if isinstance(found, str) and ("@" in found or not found.isprintable()):
        raise Invalid(faults=[Fault(pointer, "is called by how somebody is reached, and not by an id", "no_record_id")])
    return str(found)


def by_what_it_says(record: str, kind: Kind, said: bytes) -> Told:
    """What has no id of its own."""
    return Told(record, kind, None, _digest(said), said)


def refused_channels(path: str, record: Mapping[str, object]) -> set[str]:
    """The channels by which the person of a record does not want to be reached; what is no channel is passed over."""
    found = _search(path, msgspec.to_builtins(record))
    said = {each for each in found if isinstance(each, str)} if isinstance(found, list) else set()
    return said & CHANNELS


def _digest(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()[:32]
