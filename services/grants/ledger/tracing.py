"""Which contributions the pounds of a payment are, and whose those that come back. Pure reckoning, in pence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.grants.rounds.rules import StoredEligibility


@dataclass(frozen=True, slots=True)
class Source:
    """Money of one contribution that is at hand: how much, whether its funder bound it, and since which day."""

    contribution: str
    pence: int
    restricted: bool
    since: date


class Asked(NamedTuple):
    """What an award is for: a GSS code, a kind of group and a theme, as far as its application says."""

    place: str | None
    kind: str | None
    theme: str | None


def fits(only: StoredEligibility, asked: Asked) -> bool:
    """Whether money that is bound like this may pay for it. What is bound in words alone is for whoever awards."""
    pairs = ((only["places"], asked.place), (only["kinds"], asked.kind), (only["themes"], asked.theme))
    return all(not named or said in named for named, said in pairs)


def allocate(pence: int, sources: Iterable[Source]) -> dict[str, int]:
    """Take ``pence`` from these sources: what is restricted first, then the oldest. The last one is taken in part.

    It comes to less than ``pence`` where all of them together have less.
    """
    taken: dict[str, int] = {}
    for source in sorted(sources, key=lambda each: (not each.restricted, each.since, each.contribution)):
        part = min(pence, source.pence)
        if part > 0:
            taken[source.contribution] = part
            pence -= part
    return taken


def shared_out(pence: int, held: Mapping[str, int]) -> dict[str, int]:
    """Share ``pence`` out in proportion to what each holds, to the penny and never more than that; at most their sum.

    The pence that the division leaves go to the largest remainders (Hare's quota), of equal ones to the first by id.
    """
    total = sum(held.values())
    if not 0 <= pence <= total:
        raise ValueError("more is shared out than they hold")
    if pence == 0:
        return {}
    parts = {each: pence * holds // total for each, holds in held.items()}
    left = pence - sum(parts.values())
    by_remainder = sorted(held, key=lambda each: (-(pence * held[each] % total), each))
    for each in by_remainder[:left]:
        parts[each] += 1
    return {each: part for each, part in parts.items() if part}
