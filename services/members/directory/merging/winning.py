"""Which of two records' values the survivor ends up with: the caller's choice, else by one rule. Pure.

The survivor's value stands where it says something, and the merged record's fills what it left open. Of two ages the
younger stands: a child's protection is not lost because somebody typed an age wrongly, and a choice can correct it.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from services.members.directory.merging.steps import Row
from services.members.directory.people.models import AgeBand

Side = Literal["survivor", "merged"]

_NOTHING: tuple[object, ...] = (None, "", [])
_YOUNGEST_FIRST = [AgeBand.UNDER_13, AgeBand.FROM_13_TO_15, AgeBand.FROM_16_TO_17, AgeBand.ADULT, AgeBand.NOT_ASKED]


class Field(NamedTuple):
    """One field of two records: what each says, and whose value wins."""

    name: str
    survivor: object
    merged: object
    wins: Side

    @property
    def value(self) -> object:
        """The value that wins."""
        return self.survivor if self.wins == "survivor" else self.merged


def fields(survivor: Row, merged: Row, names: Iterable[str], choices: Mapping[str, Side]) -> list[Field]:
    """Every field by name, with the value that wins."""
    return [
        Field(name, survivor[name], merged[name], choices.get(name) or _wins(name, survivor[name], merged[name]))
        for name in names
    ]


def _wins(name: str, survivor: object, merged: object) -> Side:
    if name == "age_band":
        younger = _YOUNGEST_FIRST.index(AgeBand(str(merged))) < _YOUNGEST_FIRST.index(AgeBand(str(survivor)))
        return "merged" if younger else "survivor"
    return "merged" if survivor in _NOTHING and merged not in _NOTHING else "survivor"
