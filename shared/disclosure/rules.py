"""What a profile says of one count: what a reader is told where it is shown and where not, and what must stay open."""

from enum import StrEnum
from typing import NamedTuple

from shared.disclosure.profiles import Method, Profile
from shared.disclosure.rounding import midpoint, nearest
from shared.disclosure.systems import Limits

ANYTHING = Limits(0, None)


class Role(StrEnum):
    """What a count of a figure is: a number of people, or of a ratio's base those with, those without, and all."""

    COUNT = "count"
    NUMERATOR = "numerator"
    COMPLEMENT = "complement"
    BASE = "base"


_CERTAIN = (Role.NUMERATOR, Role.COMPLEMENT)


class Said(NamedTuple):
    """What a reader is told of a count, shown or not, and what must stay open for them, None where nothing must."""

    shown: Limits
    hidden: Limits
    keep: Limits | None


def said_of(count: int, role: Role, profile: Profile, *, least_base: int = 0, total: bool = False) -> Said:
    """What publishing by a profile says of a count.

    `total`: it is made of others' rounded counts where the profile rounds, and tells nothing by itself. Below
    `least_base` a base is not shown, and must be open by as much as a small count.
    """
    if profile.method is Method.OPEN:
        return Said(Limits(count, count), Limits(count, count), None)
    small = profile.small(certain=role in _CERTAIN)
    if profile.method is Method.SUPPRESS:
        return _suppressed(count, small, too_few=role is Role.BASE and count < least_base)
    keep = Limits(small.start, small.stop - 1) if count in small and len(small) > 1 else None
    if total or role is Role.BASE:
        return Said(ANYTHING, ANYTHING, keep)
    rounded = _rounded(count, small, profile)
    return Said(rounded, rounded, keep)


def unpublished(count: int, role: Role, profile: Profile) -> Said:
    """What there is to say of a count that is in no table: what a total holds beside its parts."""
    said = said_of(count, role, profile, total=True)
    return Said(said.hidden, said.hidden, said.keep)


def shown_as(count: int, role: Role, profile: Profile) -> int:
    """The number that stands for a count in a profile's tables, none for one that is redacted."""
    if profile.method is Method.MIDPOINT:
        return midpoint(count, profile.round_to)
    if profile.method is Method.REDACT_AND_ROUND:
        return 0 if count in profile.small(certain=role in _CERTAIN) else nearest(count, profile.round_to)
    return count


def _rounded(count: int, small: range, profile: Profile) -> Limits:
    """The counts that are rounded, or redacted, as this one is."""
    to = profile.round_to
    if profile.method is Method.MIDPOINT:
        middle = midpoint(count, to)
        return Limits(0, 0) if count == 0 else Limits(middle + to // 2 - to + 1, middle + to // 2)
    if count in small:
        return Limits(small.start, small.stop - 1)
    if count == 0:
        return Limits(0, 0)
    middle = nearest(count, to)
    return Limits(max(middle - to // 2, small.stop), middle + (to - 1) // 2)


def _suppressed(count: int, small: range, *, too_few: bool) -> Said:
    """An exact count. Who knows which counts are hidden because they are small knows that they are below the threshold:
    for them every count up to it stays possible, and so it does for who does not know."""
    exactly, below = Limits(count, count), max(small.stop, 1)
    if count in small:
        return Said(exactly, Limits(small.start, below), Limits(small.start, below))
    if too_few:
        return Said(exactly, ANYTHING, Limits(max(0, count - below), count + below))
    return Said(exactly, ANYTHING, None)
