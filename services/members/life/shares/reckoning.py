"""How parts are reckoned: pure functions, in exact fractions.

A person's part is that of the organisations where they had a place on the day, in equal parts; somebody without one
speaks for nobody (None). A decision is one, in equal parts of those who had a seat in its circle on its day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

Whose = str | None
"""An organisation; None: people who speak for none."""


class Part(NamedTuple):
    """What is whose: how much, and which share of all that is."""

    organisation: Whose
    amount: Fraction
    share: Fraction


class Place(NamedTuple):
    """That somebody had a place in an organisation from a day until the day before another; None: open."""

    organisation: str
    since: date | None
    until: date | None


class Seat(NamedTuple):
    """That somebody had a role in a circle from a day until the day before another; None: open."""

    circle: str
    person: str
    since: date
    until: date | None


Places = Mapping[str, Sequence[Place]]
"""The places of people, by person."""

Given = Iterable[tuple[Iterable[Whose], Fraction]]
"""Amounts, each of some organisations in equal parts."""


def shared_out(given: Given) -> list[Part]:
    """Whose it all is, the largest part first. The shares are of 1; nothing given is nobody's."""
    amounts: defaultdict[Whose, Fraction] = defaultdict(Fraction)
    for owners, amount in given:
        several = list(owners)
        for owner in several:
            amounts[owner] += amount / len(several)
    whole = sum(amounts.values(), Fraction())
    parts = [Part(owner, amount, amount / whole) for owner, amount in amounts.items() if amount]
    return sorted(parts, key=lambda part: (-part.amount, part.organisation or ""))


def speaking_for(places: Places, person: str, day: date) -> list[Whose]:
    """The organisations that somebody had a place in on a day, or that they spoke for none."""
    here = {place.organisation for place in places.get(person, ()) if _covers(place.since, place.until, day)}
    return [*sorted(here)] or [None]


def of_seats(seats: Iterable[Seat], places: Places, day: date) -> Given:
    """Each seat that was taken on a day, as one."""
    for seat in seats:
        if _covers(seat.since, seat.until, day):
            yield speaking_for(places, seat.person, day), Fraction(1)


def of_decisions(decisions: Iterable[tuple[str, date]], seats: Iterable[Seat], places: Places) -> Given:
    """Each decision of a circle on a day, as one; one of a circle in which nobody had a seat is nobody's."""
    by_circle: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_circle[seat.circle].append(seat)
    for circle, day in decisions:
        there = list(of_seats(by_circle[circle], places, day)) or [([None], Fraction(1))]
        for owners, _ in there:
            yield owners, Fraction(1, len(there))


def _covers(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day < until)
