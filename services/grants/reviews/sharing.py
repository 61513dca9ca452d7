"""Sharing applications out among reviewers, evenly: pure functions."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple


class Sharing(NamedTuple):
    """Who is to read which application, and the applications for which too few people were left."""

    pairs: Sequence[tuple[str, str]]
    short: Sequence[str]


def shared_out(
    applications: Sequence[str],
    reviewers: Sequence[str],
    each: int,
    *,
    burdens: Mapping[str, int],
    reading: Mapping[str, Collection[str]],
    barred: Mapping[str, Collection[str]],
) -> Sharing:
    """Give every application ``each`` readers, always those who have the least to read so far.

    ``burdens`` is how many each reads already, ``reading`` who reads an application already (they count), ``barred``
    who must not read it. Where nobody is barred, two reviewers' burdens end up no more than one apart.
    """
    load = {reviewer: burdens.get(reviewer, 0) for reviewer in reviewers}
    pairs, short = [], []
    for application in applications:
        have = set(reading.get(application, ())) & load.keys()
        free = [reviewer for reviewer in reviewers if reviewer not in have | set(barred.get(application, ()))]
        chosen = sorted(free, key=lambda reviewer: load[reviewer])[: max(0, each - len(have))]
        if len(have) + len(chosen) < each:
            short.append(application)
        for reviewer in chosen:
            load[reviewer] += 1
            pairs.append((application, reviewer))
    return Sharing(pairs, short)
