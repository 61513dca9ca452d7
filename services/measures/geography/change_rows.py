"""The rows of a file of changes of places: read and checked, every fault named. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from services.measures.geography.models import ChangeKind, ChangeRow
from services.measures.places.models import Span
from services.measures.sheets import Cells, Sheet
from shared.errors import Fault
from shared.fields import GSS, ONE_LINE

MEANINGS = ("kind", "on", "place", "to", "weight", "basis", "source")
REQUIRED = ("kind", "on", "place", "to")

_CODE = re.compile(GSS)
_WEIGHT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12}|/[1-9][0-9]{0,11})?")
_BASIS = re.compile("[a-z][a-z0-9_]{0,39}")
_SOURCE = re.compile(ONE_LINE)
_NOT_A_CODE = "is not a GSS code: a letter and eight digits, such as E07000080"
Key = tuple[str, str, str]


class CheckedChanges:
    """A sheet's changes that are well formed, each once; and the faults of the other rows.

    What a file says of a place on a day is all that became of it: its weights sum to exactly 1.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.rows: dict[Key, ChangeRow] = {}
        self.faults = list(sheet.faults)
        self.repeated = 0
        self._row_of: dict[Key, int] = {}
        self._columns = sheet.columns
        self._spoilt: set[tuple[str, str]] = set()
        for number, cells in sheet.rows:
            found = len(self.faults)
            row = self._read(number, cells)
            if row is not None and len(self.faults) == found:
                self._take(number, row)
            else:
                self._spoilt.add((cells["place"], cells["on"]))

    def places(self) -> set[str]:
        """Every code that the good rows name."""
        return {code for row in self.rows.values() for code in (row.place, row.to)}

    def hold_to(self, spans: Mapping[str, Span]) -> None:
        """Make a fault of every row whose places were not there then, and of every place that is not wholly told of.

        A place of which one row has a fault is left out as a whole: its other rows alone would not be all of it.
        """
        for key, row in list(self.rows.items()):
            for meaning, reason, code in _out_of_place(row, spans):
                self._fault(self._row_of[key], meaning, reason, code)
                self._spoilt.add((row.place, row.on))
        for (place, on), rows in self._by_place().items():
            if (place, on) not in self._spoilt and (wrong := _wrong_together(rows)) is not None:
                self._fault(self._row_of[rows[0].place, rows[0].on, rows[0].to], *wrong)
                self._spoilt.add((place, on))
        for key in [key for key in self.rows if key[:2] in self._spoilt]:
            del self.rows[key]

    def _by_place(self) -> Mapping[tuple[str, str], list[ChangeRow]]:
        found: dict[tuple[str, str], list[ChangeRow]] = defaultdict(list)
        for row in self.rows.values():
            found[row.place, row.on].append(row)
        return found

    def _read(self, number: int, cells: Cells) -> ChangeRow | None:
        kind, place, to = cells["kind"].lower(), cells["place"], cells["to"]
        basis, source = cells.get("basis", ""), cells.get("source", "")
        if kind not in [each.value for each in ChangeKind]:
            self._fault(number, "kind", f"is not one of {', '.join(ChangeKind)}", "invalid_kind")
        for meaning, code in (("place", place), ("to", to)):
            if not _CODE.fullmatch(code):
                self._fault(number, meaning, _NOT_A_CODE, "invalid_code")
        if basis and not _BASIS.fullmatch(basis):
            self._fault(number, "basis", "is not a word such as population or addresses", "invalid_basis")
        if len(source) > 200 or not _SOURCE.fullmatch(source):
            self._fault(number, "source", "is not one line of at most 200 characters", "invalid_source")
        weight, day = self._weight(number, cells.get("weight") or "1"), self._day(number, cells["on"])
        if weight is None or day is None:
            return None
        return ChangeRow(place, day, to, kind, str(weight), basis, source)

    def _weight(self, number: int, text: str) -> Fraction | None:
        weight = Fraction(text) if _WEIGHT.fullmatch(text) else Fraction(0)
        if 0 < weight <= 1:
            return weight
        reason = "is not a share above 0 and up to 1, such as 0.25 or 1/3"
        self._fault(number, "weight", reason, "invalid_weight")
        return None

    def _day(self, number: int, text: str) -> str | None:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self._fault(number, "on", "is not a day, such as 2019-04-01", "invalid_day")
            return None

    def _take(self, number: int, row: ChangeRow) -> None:
        key = row.place, row.on, row.to
        if key not in self.rows:
            self.rows[key], self._row_of[key] = row, number
        elif self.rows[key] == row:
            self.repeated += 1
        else:
            self._spoilt.add((row.place, row.on))
            self._fault(number, "to", f"row {self._row_of[key]} says otherwise of this change", "contradicted")

    def _fault(self, number: int, meaning: str, reason: str, code: str) -> None:
        self.faults.append(Fault(None, reason, code, number, self._columns.get(meaning)))


def _out_of_place(row: ChangeRow, spans: Mapping[str, Span]) -> Iterator[tuple[str, str, str]]:
    day = date.fromisoformat(row.on)
    eve = day - timedelta(days=1)
    before, after = spans.get(row.place), spans.get(row.to)
    if before is None:
        yield "place", "no place has this code", "unknown_place"
    elif not before.began_by(eve) or before.ended_before(eve):
        yield "place", "did not exist on the day before", "place_did_not_exist"
    elif row.kind != ChangeKind.BOUNDARY and not before.ended_before(day):
        yield "place", "goes on after it: only of a boundary can a part be given away", "place_goes_on"
    if after is None:
        yield "to", "no place has this code", "unknown_place"
    elif not after.began_by(day) or after.ended_before(day):
        yield "to", "does not exist on that day", "place_did_not_exist"


def _wrong_together(rows: Sequence[ChangeRow]) -> tuple[str, str, str] | None:
    """What is wrong with all that is said of one place on one day."""
    kinds = {row.kind for row in rows}
    if len(kinds) > 1:
        return "kind", "other rows say that something else became of the place", "contradicted"
    if sum(Fraction(row.weight) for row in rows) != 1:
        return "weight", "the weights of the place on this day do not sum to exactly 1", "weights_do_not_sum"
    if ChangeKind(rows[0].kind) is ChangeKind.SPLIT and len(rows) == 1:
        return "kind", "a place that was split became at least two", "invalid_kind"
    if ChangeKind(rows[0].kind) in (ChangeKind.MERGED, ChangeKind.RENAMED) and len(rows) > 1:
        return "kind", "a place that was merged or renamed became one", "invalid_kind"
    return None
