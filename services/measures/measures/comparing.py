"""Whether figures by two versions of a measure may stand beside one another: the chain of what each version says. Pure.

Each published version says how it compares with the one published before it. Two versions compare as well as the
weakest link between them; a break anywhere between them breaks them.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.measures.measures.models import Comparability, MeasureVersion


class Comparison(NamedTuple):
    """How two versions stand to one another; the notes to read with it, from the earlier on; the version that broke."""

    verdict: Comparability
    notes: Sequence[str]
    broken_by: str | None


def compare(one: MeasureVersion, other: MeasureVersion, published: Iterable[MeasureVersion]) -> Comparison:
    """How figures by one published version stand to those by another, among all published ones of their measure."""
    by_id = {version.id: version for version in published}
    earlier, later = sorted((one, other), key=lambda version: version.number)
    notes: list[str] = []
    while later.id != earlier.id:
        if later.comparability == Comparability.BREAK or later.follows is None:
            return Comparison(Comparability.BREAK, (), later.id)
        if later.comparability == Comparability.BRIDGED:
            notes.insert(0, later.bridge_note)
        later = by_id[later.follows]
    return Comparison(Comparability.BRIDGED if notes else Comparability.SAME, notes, None)
