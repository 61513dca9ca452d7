"""Rules of recurrence by RFC 5545 (3.3.10), reckoned on the clock of a time zone: a walk at 12:00 stays at 12:00."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from shared.errors import Fault, Invalid

MOST = 500
"""Slots that one rule makes at a time."""

_DAY = r"(MO|TU|WE|TH|FR|SA|SU)"
_FORMS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9]|[1-4][0-9]|5[0-2]",
    "COUNT": r"[1-9][0-9]?|[1-4][0-9]{2}|500",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": rf"([+-]?[1-5])?{_DAY}(,([+-]?[1-5])?{_DAY})*",
    "BYMONTHDAY": r"(-?([1-9]|[12][0-9]|3[01]))(,-?([1-9]|[12][0-9]|3[01]))*",
    "BYSETPOS": r"-?[1-5]",
    "WKST": _DAY,
}
"""The parts of a rule that gatherings have use for. None of them can make a rule that never comes again."""


def checked(text: str, first: datetime, zone: str, pointer: str) -> str:
    """A rule in one form. Raises Invalid where it is none, or where the first slot is not one of its own."""
    normal = text.strip().upper().removeprefix("RRULE:")
    parts = [part.partition("=")[::2] for part in normal.split(";")]
    if any(name not in _FORMS or not re.fullmatch(_FORMS[name], value) for name, value in parts):
        raise _refused(pointer, "has a part that is not understood here: the guide lists what is")
    if reason := _inconsistent(dict(parts), len(parts)):
        raise _refused(pointer, reason)
    try:
        ends, begins = _end(normal, zone), next(iter(_without_end(normal, first)), None)
    except ValueError:
        raise _refused(pointer, "is no rule by RFC 5545") from None
    if begins != first or (ends is not None and ends < first):
        raise Invalid(faults=[Fault(pointer, "the first slot is not one of the rule's own", "does_not_fit_rule")])
    return normal


def occurrences(
    rule: str, first: datetime, zone: str, *, after: datetime | None, until: datetime
) -> Sequence[datetime]:
    """The instants of a rule behind ``after`` (None: from the first on), up to ``until``; at most so many at a time.

    An hour that the clocks skip in spring is reckoned by the offset before it, and of one that comes twice in autumn it
    is the first (RFC 5545, 3.3.5).
    """
    ends, there = _end(rule, zone), ZoneInfo(zone)
    clock = takewhile(lambda local: ends is None or local <= ends, _without_end(rule, first))
    instants = (local.replace(tzinfo=there).astimezone(UTC) for local in clock)
    ahead = takewhile(lambda at: at <= until, (at for at in instants if after is None or at > after))
    return list(islice(ahead, MOST))


def _inconsistent(parts: Mapping[str, str], given: int) -> str | None:
    """What is wrong with parts that are each well formed; with these rules every rule comes again and again."""
    by_day, monthly = parts.get("BYDAY", ""), parts.get("FREQ") == "MONTHLY"
    numbered = any(character.isdigit() for character in by_day)
    if "FREQ" not in parts or len(parts) != given:
        return "has FREQ, and each part once"
    if "COUNT" in parts and "UNTIL" in parts:
        return "has COUNT or UNTIL, not both"
    if not monthly and (numbered or "BYMONTHDAY" in parts or "BYSETPOS" in parts):
        return "numbers days, which only a monthly rule does"
    if "BYMONTHDAY" in parts and by_day:
        return "has BYDAY or BYMONTHDAY, not both"
    if "BYSETPOS" in parts and (numbered or not by_day):
        return "has BYSETPOS, which goes with days of the week that are not numbered"
    return None


def _end(rule: str, zone: str) -> datetime | None:
    """The last moment of a rule, on the clock of the zone. One that ends with Z is UTC; a bare day counts whole."""
    own = re.search(r"UNTIL=(\d{8})(?:T(\d{6})(Z?))?", rule)
    if own is None:
        return None
    ends = datetime.strptime(own[1] + (own[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - of the zone's clock
    return ends.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) if own[3] else ends


def _without_end(rule: str, first: datetime) -> Iterable[datetime]:
    """The rule on a bare clock. Its UNTIL is left to `_end`: on a bare clock it would be read in no zone at all."""
    made: Iterable[datetime] = rrulestr(re.sub(r";?UNTIL=[^;]+", "", rule), dtstart=first)
    return made


def _refused(pointer: str, reason: str) -> Invalid:
    return Invalid(faults=[Fault(pointer, reason, "invalid_rule")])
