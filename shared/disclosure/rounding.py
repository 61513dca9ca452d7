"""Rounding: every count is changed by itself, and totals are made of the changed counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.disclosure.profiles import Midpoint, Redacting

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Rounded(Generic[Key]):
    """Counts as they may be shown, None where one is not, and their total: the sum of those that are."""

    counts: Mapping[Key, int | None]
    total: int

    def within(self, *keys: Key) -> int:
        """The total of some of the counts."""
        return sum(self.counts[key] or 0 for key in keys)


def rounded(counts: Mapping[Key, int], profile: Redacting | Midpoint) -> Rounded[Key]:
    """Change each count by the rule of a profile.

    3, 8, 16 and 23, redacted up to 7 and rounded to 5: none, 10, 15 and 25, and 50 in all. No total is made of the true
    counts, so that none less the others tells what is not shown.
    """
    shown = {key: _changed(count, profile) for key, count in counts.items()}
    return Rounded(shown, sum(count or 0 for count in shown.values()))


def nearest(count: int, to: int) -> int:
    """The nearest multiple; half way goes up."""
    return (2 * count + to) // (2 * to) * to


def midpoint(count: int, of: int) -> int:
    """The middle of the group of ``of`` that a count falls into; zero stays zero."""
    return 0 if count == 0 else -(-count // of) * of - of // 2


def _changed(count: int, profile: Redacting | Midpoint) -> int | None:
    if isinstance(profile, Midpoint):
        return midpoint(count, profile.of)
    return None if count <= profile.up_to else nearest(count, profile.to)
