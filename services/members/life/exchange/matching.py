"""Which offer fits which ask, in what order, and why in words: pure, and the same whoever asks.

The kind is the same, what both are about is shared, and both have time at once, as far as both say anything of it.
What is shared comes first, then how long both have time, then whether it is near.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hours:
    """A day of the week, from and until when, in minutes after midnight."""

    day: str
    starts: int
    ends: int

    def shared_with(self, other: "Hours") -> "Hours | None":
        """The time of the day that is in both."""
        starts, ends = max(self.starts, other.starts), min(self.ends, other.ends)
        return Hours(self.day, starts, ends) if self.day == other.day and starts < ends else None

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Terms:
    """What an ask or an offer says of itself that decides what it fits. Empty and None are not asked about."""

    id: str
    kind: str
    interests: frozenset[str]
    times: Sequence[Hours]
    area: str | None
    district: str | None


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two fit, the best being the least, and why: a sentence a reason."""

    order: tuple[int, int, int, str]
    reasons: tuple[str, ...]


def fit(mine: Terms, theirs: Terms) -> Fit | None:
    """How one fits the other; None where it does not."""
    shared, together = mine.interests & theirs.interests, _together(mine.times, theirs.times)
    if mine.kind != theirs.kind or (mine.interests and theirs.interests and not shared):
        return None
    if mine.times and theirs.times and not together:
        return None
    near = _near(mine, theirs)
    order = (-len(shared), -sum(hours.minutes for hours in together), 0 if near else 1, theirs.id)
    return Fit(order, (f"What is asked for and offered is {mine.kind}.", *_reasons(sorted(shared), together, near)))


def minutes_of(time: str) -> int:
    """A time of the day such as `18:30`, in minutes after midnight."""
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


def _together(mine: Sequence[Hours], theirs: Sequence[Hours]) -> list[Hours]:
    return [shared for one in mine for other in theirs if (shared := one.shared_with(other)) is not None]


def _near(mine: Terms, theirs: Terms) -> str | None:
    """In which words the two are near one another."""
    if mine.area is not None and theirs.area is not None and mine.area.casefold() == theirs.area.casefold():
        return f"Both are in {mine.area}."
    if mine.district is not None and mine.district == theirs.district:
        return "Both are in the same part of town."
    return None


def _reasons(shared: Sequence[str], together: Sequence[Hours], near: str | None) -> Iterator[str]:
    if shared:
        yield f"They share {_listed([interest.replace('_', ' ') for interest in shared])}."
    if together:
        longest = max(together, key=lambda hours: hours.minutes)
        yield f"Both have time on {longest.day.capitalize()} from {_clock(longest.starts)} to {_clock(longest.ends)}."
    if near is not None:
        yield near


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
