"""Logs: one JSON object a line on standard error, and nothing in it that identifies anybody.

A module logs with `log = structlog.get_logger(__name__)` and short facts: `log.warning("relay_waits", service=…)`.
Only named fields with safe meanings are written; a field of another name is left out and its name is listed under
`withheld`. An exception is written as its class and the lines of code it came through, without its message: messages
of databases and parsers repeat the values that they stumbled over.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import msgspec
import structlog

Fields = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

SAFE_FIELDS = frozenset({
    "event", "level", "timestamp", "logger", "service", "worker", "part", "request_id", "traceparent", "method",
    "route", "status", "code", "seconds", "count", "movement", "actor", "type", "key", "sequence",
    "previous_sequence", "topic", "partition", "offset", "lag", "position", "consumer", "group", "generation",
    "endpoint", "delivery", "attempt", "event_id", "id", "reason", "error", "exception", "records", "keys", "trace",
    "host", "port", "version", "path", "signal", "pid", "variable", "migration",
})  # fmt: skip
"""Fields that a log line may have. All are ids, kinds, counts, places in code or words of our own."""


def configure(level: str = "info") -> None:
    """Send our own lines and those of every library to standard error as JSON. Call once, in the process entry."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_message,
            _only_safe,
            _rendered,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = _Forward()
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    # It writes several lines a second while the broker is away, which the bus says once in its own words.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class _Forward(logging.Handler):
    """Hands a library's record to our own logger, with the library's words but not with its exception's."""

    def emit(self, record: logging.LogRecord) -> None:
        exc_info = record.exc_info if record.exc_info and record.exc_info[1] is not None else None
        structlog.get_logger().log(
            record.levelno, "library", logger=record.name, reason=record.getMessage(), exc_info=exc_info
        )


def _exception_without_message(logger: object, method: str, fields: Fields) -> Fields:
    found = _exception(fields.pop("exc_info", None))
    if found is not None:
        fields["exception"] = f"{type(found).__module__}.{type(found).__qualname__}"
        frames = traceback.extract_tb(found.__traceback__)
        fields["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return fields


def _exception(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _only_safe(logger: object, method: str, fields: Fields) -> Fields:
    withheld = sorted(name for name in fields if name not in SAFE_FIELDS)
    for name in withheld:
        del fields[name]
    if withheld:
        fields["withheld"] = withheld
    return fields


def _rendered(logger: object, method: str, fields: Fields) -> str:
    return msgspec.json.encode(fields, enc_hook=str).decode()
