"""Which contributions the pounds of a payment are, and whose those that come back. Pure reckoning, in pence."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
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
    """What an award is for: its place and all that this lies in, a kind of group and a theme, as far as is known."""

    areas: Set[str]
    kind: str | None
    theme: str | None


def fits(only: StoredEligibility, asked: Asked) -> bool:
    """Whether money that is bound like this may pay for it. What is bound in words alone is for whoever awards."""
    within = not only["places"] or asked.areas & set(only["places"])
    pairs = ((only["kinds"], asked.kind), (only["themes"], asked.theme))
    return bool(within) and all(not named or said in named for named, said in pairs)


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


class Bound(NamedTuple):
    """Money of one contribution that is at hand, and what its funder bound it to."""

    source: Source
    only: StoredEligibility


class Unpaid(NamedTuple):
    """So many pence that an award is still to be paid, and what it is for."""

    pence: int
    asked: Asked


def over(at_hand: Sequence[Bound], unpaid: Iterable[Unpaid], free: int) -> dict[str, int]:
    """What of each contribution is over, ``free`` pence in all, once everything is paid that is held.

    Awards are paid out of it in thought, as they will be; then as much goes out, of whatever is there, as rounds hold
    and have not awarded.
    """
    left = {each.source.contribution: each.source.pence for each in at_hand}

    def pay(pence: int, of: Iterable[Source]) -> None:
        now = [replace(each, pence=left[each.contribution]) for each in of]
        for contribution, part in allocate(pence, now).items():
            left[contribution] -= part

    for each in unpaid:
        pay(each.pence, [bound.source for bound in at_hand if fits(bound.only, each.asked)])
    pay(sum(left.values()) - free, [bound.source for bound in at_hand])
    return {contribution: pence for contribution, pence in left.items() if pence}


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
