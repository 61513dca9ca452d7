"""What an instrument is: its questions, what is reckoned from their answers, and for whom it was validated. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from services.measures.instruments.questions import Answers, Question, Wording
from shared.errors import Fault


@dataclass(frozen=True, slots=True)
class Band:
    """A named part of a score's range: it begins at ``start``, which is in it, and ends where the next one begins."""

    name: str
    start: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """One figure that an instrument yields for one person, between ``low`` and ``high`` (None: without a bound).

    ``needs`` are the questions without whose answers there is none. ``has_mean`` is false where the numbers only stand
    for an order. ``bands_given`` says that the instrument has no bands of its own: whoever uses some names them.
    """

    name: str
    needs: tuple[str, ...]
    low: Decimal
    high: Decimal | None
    bands: tuple[Band, ...] = ()
    has_mean: bool = True
    bands_given: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """What one person's answers come to: nothing where ``missing`` names questions that had to be answered for it."""

    outcome: str
    value: Decimal | None
    band: str | None
    missing: tuple[str, ...] = ()


Bands = Mapping[str, Sequence[Band]]
"""Bands that a caller names, by outcome."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire, or of an index of areas. It never changes: a better one is another version.

    ``licensed`` ones may be used only under a licence, and their words are not here. ``wordings`` are English.
    ``for_people`` ones are asked of people of validated ages. Change in it is shown of ``least_pairs`` people or more.
    """

    key: str
    version: int
    title: str
    source: str
    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    reckon: Callable[[Answers], Mapping[str, Decimal | None]]
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    licensed: bool = False
    for_people: bool = True
    least_pairs: int = 0
    note: str = ""

    def outcome(self, name: str) -> Outcome | None:
        """The outcome of that name."""
        return next((outcome for outcome in self.outcomes if outcome.name == name), None)

    def scores(self, answers: Answers, bands: Bands | None = None) -> list[Score]:
        """What well-formed answers come to, outcome by outcome, exactly as the instrument says."""
        given = {**answers.numbers, **answers.chosen}
        reckoned = self.reckon(answers)
        return [
            Score(
                outcome.name,
                value := reckoned.get(outcome.name),
                None if value is None else band_of(value, (bands or {}).get(outcome.name, outcome.bands)),
                () if value is not None else tuple(key for key in outcome.needs if key not in given),
            )
            for outcome in self.outcomes
        ]


def band_of(value: Decimal, bands: Sequence[Band]) -> str | None:
    """The name of the band that a value is in; None where there are no bands."""
    return next((band.name for band in reversed(bands) if band.start <= value), None)


def banded(*parts: tuple[str, int]) -> tuple[Band, ...]:
    """Bands from their names and where each begins."""
    return tuple(Band(name, Decimal(start)) for name, start in parts)


def faults_in_bands(instrument: Instrument, bands: Bands, *, pointer: str) -> list[Fault]:
    """What is wrong with bands that a caller names: they cover the whole range, upwards, of outcomes that have none."""
    found: list[Fault] = []
    for name, given in bands.items():
        at, outcome = f"{pointer}/{name}", instrument.outcome(name)
        if outcome is None:
            found.append(Fault(at, "is no outcome of the instrument", "unknown_outcome"))
        elif not outcome.bands_given:
            found.append(Fault(at, "has no bands that could be chosen", "bands_fixed"))
        elif not _covers(outcome, given):
            reason = f"begin at {outcome.low}, each later than the one before, of different names, within the range"
            found.append(Fault(at, reason, "invalid_bands"))
    return found


def _covers(outcome: Outcome, bands: Sequence[Band]) -> bool:
    starts = [band.start for band in bands]
    rising = all(lower < upper for lower, upper in pairwise(starts))
    within = outcome.high is None or (bool(starts) and starts[-1] <= outcome.high)
    return (
        bool(starts) and starts[0] == outcome.low and rising and within and len({b.name for b in bands}) == len(bands)
    )
