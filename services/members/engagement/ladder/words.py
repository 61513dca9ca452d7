"""The ladder in plain words: what a rule asks, what was found, and what would help somebody up. Never a score."""

from datetime import date

from services.members.engagement.ladder.engine import Finding, Rule, Rung, Tally

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

NAMES = {
    Rung.OBSERVER: "an observer",
    Rung.FOLLOWER: "a follower",
    Rung.ACTIVE_PARTICIPANT: "an active participant",
    Rung.CHAMPION: "a champion",
    Rung.CO_OWNER: "a co-owner",
}

NO_LADDER = "This person has no place on the ladder."
TO_BE_CONFIRMED = "Nothing more is asked for: somebody from the movement will talk it over, and both of you decide."
ON_THE_WAY = "Nothing more is asked for: the ladder is being brought up to date."


def standing(rung: Rung, since: date) -> str:
    """Where somebody stands, such as `A follower since 2 May 2026.`"""
    name = NAMES[rung]
    said = f"{name[0].upper()}{name[1:]} since {day(since)}"
    return f"{said}: everybody who joins starts here." if rung is Rung.OBSERVER else f"{said}."


def rule(asked: Rule) -> str:
    """What a rule asks for, such as `took part on three different days, in the last 180 days`."""
    parts = []
    if asked.activities is not None:
        parts.append(f"took part {_times(asked.activities)}")
    if asked.distinct_days is not None:
        parts.append(f"{_took_part(parts)}on {_count(asked.distinct_days, 'day', different=True)}")
    if asked.distinct_counterparts is not None:
        parts.append(f"{_took_part(parts)}with {_count(asked.distinct_counterparts, 'person', different=True)}")
    return " ".join(parts) + _kinds(asked.kinds) + _window(asked.within_days)


def evidence(found: Tally) -> str:
    """What was found, such as `four activities on three days with two people, the latest on 2 May 2026`."""
    if found.latest is None:
        return "nothing yet"
    others = f" with {_count(found.distinct_counterparts, 'person')}" if found.distinct_counterparts else ""
    acts, days = _count(found.activities, "activity"), _count(found.distinct_days, "day")
    return f"{acts} on {days}{others}, the latest on {day(found.latest)}"


def invitation(finding: Finding) -> str:
    """What would help with a rule that is not met, in words and without a number to count down."""
    asked, found = finding.rule, finding.found
    days = (asked.distinct_days or 0) - found.distinct_days
    acts = (asked.activities or 0) - found.activities
    people = (asked.distinct_counterparts or 0) - found.distinct_counterparts
    wishes = []
    if days > 0:
        wishes.append("Take part on another day." if days == 1 else f"Take part on {_more(days)} days.")
    elif acts > 0:
        wishes.append("Take part once more." if acts == 1 else f"Take part {_more(acts)} times.")
    if people > 0:
        others = "somebody new" if people == 1 else f"{_more(people)} people"
        wishes.append(f"Do something with {others}.")
    if asked.kinds:
        wishes.append(f"What counts here: {_listed(asked.kinds)}.")
    return " ".join(wishes)


def day(on: date) -> str:
    """A date as it is written, such as `2 May 2026`."""
    return f"{on.day} {on:%B %Y}"


def _took_part(before: list[str]) -> str:
    return "" if before else "took part "


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{_number(number)} times")


def _count(number: int, noun: str, *, different: bool = False) -> str:
    many = {"person": "people", "activity": "activities"}.get(noun, f"{noun}s")
    kind = "different " if different and number > 1 else ""
    return f"{_number(number)} {kind}{noun if number == 1 else many}"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _more(number: int) -> str:
    return "a couple more" if number == 2 else "a few more" if number < 6 else "quite a few more"


def _listed(kinds: frozenset[str]) -> str:
    names = [kind.replace("_", " ") for kind in sorted(kinds)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _kinds(kinds: frozenset[str]) -> str:
    return f" ({_listed(kinds)})" if kinds else ""


def _window(within_days: int | None) -> str:
    return "" if within_days is None else f", in the last {within_days} days"
