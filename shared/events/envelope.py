"""The envelope on the log: CloudEvents 1.0 in the Kafka binding's binary mode, to headers and back."""

from datetime import UTC, datetime
from functools import lru_cache

from shared.bus.records import Headers
from shared.events.base import Received


def topic(service: str) -> str:
    """The one topic of a service."""
    return f"backbone.{service}"


def headers(
    *,
    event_id: str,
    event_type: str,
    service: str,
    key: str,
    sequence: int,
    movement: str,
    actor: str,
    occurred_at: int,
    causation: str | None,
    origin: str | None,
    traceparent: str | None,
) -> list[tuple[str, bytes]]:
    """The ``ce_*`` headers of an event that occurred ``occurred_at`` milliseconds after 1970."""
    fields = [
        *_of_every(service, event_type),
        ("ce_id", event_id.encode()),
        ("ce_subject", key.encode()),
        ("ce_time", _rfc3339(occurred_at)),
        ("ce_sequence", str(sequence).encode()),
        ("ce_movement", movement.encode()),
        ("ce_actor", actor.encode()),
    ]
    for name, value in (("ce_causation", causation), ("ce_origin", origin), ("ce_traceparent", traceparent)):
        if value is not None:
            fields.append((name, value.encode()))
    return fields


def received(headers: Headers, value: bytes) -> Received:
    """Read an event off the log. Raises ValueError naming what is missing or malformed."""
    fields = dict(headers)
    try:
        return Received(
            id=fields["ce_id"].decode(),
            type=fields["ce_type"].decode(),
            service=fields["ce_source"].decode().removeprefix("/"),
            key=fields["ce_subject"].decode(),
            sequence=int(fields["ce_sequence"]),
            movement=fields["ce_movement"].decode(),
            actor=fields["ce_actor"].decode(),
            causation=_text(fields.get("ce_causation")),
            origin=_text(fields.get("ce_origin")),
            traceparent=_text(fields.get("ce_traceparent")),
            time=datetime.fromisoformat(fields["ce_time"].decode()),
            payload=value,
        )
    except KeyError as missing:
        raise ValueError(f"a record on the log has no {missing.args[0]} header") from missing


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode()


@lru_cache(maxsize=1024)
def _of_every(service: str, event_type: str) -> tuple[tuple[str, bytes], ...]:
    """The headers that all events of one type have alike."""
    return (
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_type", event_type.encode()),
        ("ce_source", b"/" + service.encode()),
    )


@lru_cache(maxsize=1024)
def _rfc3339(milliseconds: int) -> bytes:
    """Remembered: one transaction's events happen together, and to format costs more than the rest of the headers."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z".encode()
