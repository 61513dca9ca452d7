"""The rows of a file of figures: each read, the same figure taken once, contradictions named. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from services.measures.measures.models import Kind
from services.measures.observations.models import Figure, Key
from services.measures.observations.reading import AMOUNT, FigureReader, Rules, place_codes
from services.measures.places.models import Span
from services.measures.sheets import Cells, Sheet, UnreadableFile
from shared.errors import Fault

REQUIRED = ("place", "period")


class CheckedFigures:
    """A sheet's figures that are well formed, each once; and the faults of the other rows.

    `places` are the known ones among :func:`codes_of` the sheet.
    """

    def __init__(self, sheet: Sheet, rules: Rules, places: Mapping[str, Span]) -> None:
        self.faults = list(sheet.faults)
        self.repeated = 0
        self._columns = sheet.columns
        self._odd = sheet.odd
        self._reader = FigureReader(rules, places)
        self._figures: dict[Key, tuple[int, Figure]] = {}
        contradicted: set[Key] = set()
        for number, cells in sheet.rows:
            self._read(number, cells, contradicted)
        for key in contradicted:
            number, _ = self._figures.pop(key)
            self._fault(number, "value", "another row has another figure for the same key", "contradicted")

    def in_order(self) -> list[Figure]:
        """The figures by their keys, so that a slice of them is one range of the database's index."""
        by_place: dict[str, list[tuple[Key, Figure]]] = defaultdict(list)
        for key, (_, figure) in self._figures.items():
            by_place[figure.place].append((key, figure))
        # Place by place: one sort of a great file would keep every other thread waiting until its end.
        return [figure for place in sorted(by_place) for _, figure in sorted(by_place[place], key=lambda pair: pair[0])]

    def refuse(self, figure: Figure, meaning: str, reason: str, code: str) -> None:
        """Make a fault of a figure that was well formed, for what is known only beside others."""
        number, _ = self._figures.pop(figure.key)
        self._fault(number, meaning, reason, code)

    def _read(self, number: int, cells: Cells, contradicted: set[Key]) -> None:
        figure, odd = self._reader.read(cells), self._odd.get(number, frozenset())
        if not isinstance(figure, Figure):
            for fault in figure:
                # Nothing is said of an amount of which a cell could not be taken: it was not read whole.
                if fault.meaning not in odd and not (fault.meaning in AMOUNT and odd & set(AMOUNT)):
                    self._fault(number, *fault)
        elif not odd:
            self._take(number, figure, contradicted)

    def _take(self, number: int, figure: Figure, contradicted: set[Key]) -> None:
        first, known = self._figures.setdefault(figure.key, (number, figure))
        if first == number:
            return
        if known == figure:
            self.repeated += 1
        else:
            contradicted.add(figure.key)
            self._fault(number, "value", f"row {first} has another figure for the same key", "contradicted")

    def _fault(self, number: int, meaning: str, reason: str, code: str) -> None:
        self.faults.append(Fault(None, reason, code, number, self._columns.get(meaning)))


def require_amounts(columns: Collection[str], kind: Kind) -> None:
    """Hold a file to the columns that its figures need. Raises UnreadableFile."""
    if "value" in columns or any(set(needed) <= set(columns) for needed in _INSTEAD.get(kind, ())):
        return
    also = "".join(f", or {', '.join(needed)}" for needed in _INSTEAD.get(kind, ()))
    fault = Fault(None, f"the file needs this column{also}", "missing_column", 0, "value")
    raise UnreadableFile("a column is missing", faults=[fault])


def codes_of(sheet: Sheet) -> Collection[str]:
    """Every well-formed place code that the sheet names."""
    return place_codes(cells["place"] for _, cells in sheet.rows)


_COUNTED = (("numerator", "denominator"),)
_INSTEAD: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.RATIO: _COUNTED,
    Kind.DISTRIBUTION: _COUNTED,
    Kind.ORDINAL: _COUNTED,
    Kind.MEAN: (("n", "sum_x", "sum_x2"),),
}
