"""The lines in which figures stand on disk while a large file is imported.

A line is a figure's key, the row that it came from, its period, and its amount, in this order: sorted lines are in the
order of the database's index, and what is said twice stands side by side.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from services.measures.observations.models import Amount, Figure, Key
from services.measures.observations.writing import Known
from services.measures.periods import Period

_PART, _FIELD = b"\x1f", "\t"  # in none of what they part: JSON has no such characters, and they are in no key
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Amount).decode


class Line(NamedTuple):
    """A line and its parts. Two lines of one key say the same where `amount` is the same."""

    key: bytes
    row: int
    period: bytes
    amount: bytes
    length: int

    @property
    def about(self) -> Key:
        """The key of its figure."""
        place, start, cell, programme, activity = self.key.decode().split(_FIELD)
        return place, start, cell, programme, activity

    @property
    def figure(self) -> Figure:
        """The figure that stands in it."""
        place, _, cell, programme, activity = self.about
        return Figure(place, _period(self.period), cell, _decode(self.amount), programme, activity)


def written(row: int, figure: Figure) -> bytes:
    """A figure from this row of the file, as a line."""
    period = figure.period
    days = _FIELD.join((period.start.isoformat(), period.end.isoformat(), period.text))
    return _PART.join((_key(figure.key), b"%010d" % row, days.encode(), _encode(figure.amount))) + b"\n"


def read(text: bytes) -> Line:
    """A line that was written."""
    key, row, period, amount = text.split(_PART)
    return Line(key, int(row), period, amount[:-1], len(text))


def key_in(text: bytes) -> bytes:
    """The key of a line that is not read yet."""
    return text.partition(_PART)[0]


def lines_from(path: Path, offset: int) -> Iterator[Line]:
    """The lines of a file of them behind this place in it."""
    with path.open("rb") as file:
        file.seek(offset)
        yield from map(read, file)


def figures(lines: Sequence[Line]) -> Sequence[Figure]:
    """The figures that stand in these lines."""
    return [line.figure for line in lines]


def beside(lines: Sequence[Line], known: Mapping[Key, Known]) -> tuple[Sequence[Line], Sequence[Line]]:
    """The lines of whose keys nothing is known, and those that say something else than what is known."""
    said = {_key(key): _encode(each.amount) for key, each in known.items()}
    new = [line for line in lines if line.key not in said]
    return new, [line for line in lines if said.get(line.key, line.amount) != line.amount]


def _key(key: Key) -> bytes:
    return _FIELD.join(key).encode()


@lru_cache(maxsize=10_000)
def _period(stored: bytes) -> Period:
    start, end, text = stored.decode().split(_FIELD)
    return Period(date.fromisoformat(start), date.fromisoformat(end), text)
