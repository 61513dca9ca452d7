"""What protected counts say: participants' share over the population's share, with its interval. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.disclosure import Redacting, rounded
from shared.statistics import Interval, participation_ratio

NOT_ASKED = "not_asked"
"""Those of whom no answer is known. It is no option of any question."""


class Group(NamedTuple):
    """A part of the population and of those who take part, in protected counts.

    ``participants`` is None where there are too few to show. ``ratio`` is the participants' share over that of the
    population: 1 where a group is reached as its size would have it, 0.5 where half as many come. ``interval`` is the
    ratio's, as far as chance alone goes: Wilson's of the participants' share, over the population's, taken as known.
    """

    key: str
    population: int
    participants: int | None
    population_share: float | None
    participant_share: float | None
    ratio: float | None
    interval: Interval | None


def protected(counts: Mapping[str, int], redacting: Redacting) -> dict[str, int | None]:
    """Participants by group as they may be shown: nothing else is kept, and shares are reckoned from nothing else."""
    return dict(rounded(counts, redacting).counts)


def groups(population: Mapping[str, int], shown: Mapping[str, int | None], least_base: int) -> Sequence[Group]:
    """Each group of a population with what is shown of those who take part.

    The base is everybody shown in some group of the population; below ``least_base`` there are counts and no shares.
    """
    whole, base = sum(population.values()), sum(shown.get(key) or 0 for key in population)
    return [_group(key, people, shown.get(key), whole, base, least_base) for key, people in population.items()]


def _group(key: str, people: int, participants: int | None, whole: int, base: int, least_base: int) -> Group:
    population_share = people / whole if whole else None
    if participants is None or base < max(least_base, 1):
        return Group(key, people, participants, population_share, None, None, None)
    share = participants / base
    if not population_share:
        return Group(key, people, participants, population_share, share, None, None)
    ratio = participation_ratio(participants, base, people, whole)
    return Group(key, people, participants, population_share, share, ratio.value, ratio.interval)
