"""The published contract: a JSON Schema for each event, kept in the tree, and the AsyncAPI 3 document made from them.

A change that would break a consumer, or a replay of what is on the log already, is refused: a new meaning gets a new
type.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from shared.events import gateway, grants, measures, members
from shared.events.base import Event, published
from shared.events.envelope import topic

HERE = Path(__file__).parent
MODULES = (members, measures, grants, gateway)
"""Importing them enters their events in the contract."""

Schema = dict[str, Any]


class Incompatible(Exception):
    """An event changed in a way that its consumers cannot follow."""


def schema(event: type[Event]) -> Schema:
    """The JSON Schema (2020-12) of an event's payload."""
    _, components = msgspec.json.schema_components([event])
    body = components[event.__name__]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:backbone:event:{event.event_type}",
        "x-key": event.event_key,
        "x-service": event.event_service,
        **body,
    }


def breaks(old: Schema, new: Schema) -> Iterator[str]:
    """What a consumer of the old schema, or a reader of old events, would trip over in the new one."""
    before, after = old["properties"], new["properties"]
    for field in sorted(before.keys() - after.keys()):
        yield f"{field} is gone"
    for field in sorted(before.keys() & after.keys()):
        if _shape(before[field]) != _shape(after[field]):
            yield f"{field} is of another type"
    for field in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{field} is required, and events that are on the log may not have it"
    for field in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
        yield f"{field} may be missing now"
    for name in ("x-key", "x-service"):
        if old[name] != new[name]:
            yield f"{name} changed"


def documents() -> dict[Path, str]:
    """Every generated file of the contract, by its path under ``shared/events``."""
    events = list(published())
    files = {Path("schemas") / f"{event.event_type}.json": _json(schema(event)) for event in events}
    files[Path("asyncapi.yaml")] = yaml.safe_dump(_asyncapi(events), sort_keys=False, allow_unicode=True, width=120)
    return files


def drift(folder: Path = HERE) -> list[str]:
    """What in the tree is not what the classes say, and what in the classes breaks what the tree says."""
    faults = list(_incompatibilities(folder))
    made = documents()
    faults += [f"{path} is out of date" for path, text in made.items() if _read(folder / path) != text]
    kept = {path.relative_to(folder) for path in (folder / "schemas").glob("*.json")}
    return faults + [f"{path} belongs to no event" for path in sorted(kept - made.keys())]


def write(folder: Path = HERE) -> None:
    """Bring the tree up to date. Raises Incompatible, and writes nothing, where a change would break a consumer."""
    faults = list(_incompatibilities(folder))
    if faults:
        raise Incompatible("; ".join(faults))
    for path, text in documents().items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)


def _incompatibilities(folder: Path) -> Iterator[str]:
    for event in published():
        kept = _read(folder / "schemas" / f"{event.event_type}.json")
        if kept is not None:
            for fault in breaks(json.loads(kept), schema(event)):
                yield f"{event.event_type}: {fault}; give it a new type instead"


def _asyncapi(events: Sequence[type[Event]]) -> Mapping[str, Any]:
    services = sorted({event.event_service for event in events})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Backbone events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in binary mode. One topic a service, partitioned by the subject's id.",
        },
        "defaultContentType": "application/json",
        "channels": {
            service: {
                "address": topic(service),
                "messages": {
                    event.event_type: {"$ref": f"#/components/messages/{event.event_type}"}
                    for event in events
                    if event.event_service == service
                },
            }
            for service in services
        },
        "operations": {
            f"receive_{service}": {"action": "receive", "channel": {"$ref": f"#/channels/{service}"}}
            for service in services
        },
        "components": {
            "messages": {event.event_type: _message(event) for event in events},
            "messageTraits": {"envelope": {"headers": _ENVELOPE}},
        },
    }


def _message(event: type[Event]) -> Mapping[str, Any]:
    return {
        "name": event.event_type,
        "summary": (event.__doc__ or "").strip().splitlines()[0],
        "traits": [{"$ref": "#/components/messageTraits/envelope"}],
        "payload": {"$ref": f"schemas/{event.event_type}.json"},
    }


_TEXT = {"type": "string"}
_ENVELOPE = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence",
                 "ce_movement", "ce_actor"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _TEXT,
        "ce_type": _TEXT,
        "ce_source": {**_TEXT, "description": "/ and the service that owns the subject"},
        "ce_subject": {**_TEXT, "description": "the subject's id, by which the topic is partitioned"},
        "ce_time": {**_TEXT, "format": "date-time"},
        "ce_sequence": {**_TEXT, "description": "counts the events of this subject from 1, without a gap"},
        "ce_movement": {**_TEXT, "description": "the tenant"},
        "ce_actor": {**_TEXT, "description": "the principal that caused it"},
        "ce_causation": {**_TEXT, "description": "the request or the event that led to it"},
        "ce_origin": {**_TEXT, "description": "the connection that it came through"},
        "ce_traceparent": {**_TEXT, "description": "W3C trace context"},
    },
}  # fmt: skip


def _shape(field: Mapping[str, Any]) -> Mapping[str, Any]:
    """A field's schema without the words that explain it."""
    return {name: value for name, value in field.items() if name not in ("title", "description")}


def _json(document: Schema) -> str:
    return json.dumps(document, indent=2) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
