"""The rows of a hierarchies file: read and checked, every fault named. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise

from services.measures.geography.models import ALWAYS, ParentRow
from services.measures.sheets import Cells, Sheet
from shared.errors import Fault
from shared.fields import GSS

MEANINGS = ("place", "hierarchy", "parent", "valid_from", "valid_to")
REQUIRED = ("place", "hierarchy", "parent")

_CODE = re.compile(GSS)
_NAME = re.compile("[a-z][a-z0-9_]{0,39}")
_NOT_A_CODE = "is not a GSS code: a letter and eight digits, such as E07000080"
Key = tuple[str, str, str]


class CheckedParents:
    """A sheet's rows that are well formed, each once, by place, hierarchy and first day; and the faults of the others.

    A place lies in one parent a day of each hierarchy, and nothing lies in itself, however far round.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.rows: dict[Key, ParentRow] = {}
        self.faults = list(sheet.faults)
        self.repeated = 0
        self._row_of: dict[Key, int] = {}
        self._columns = sheet.columns
        for number, cells in sheet.rows:
            found = len(self.faults)
            row = self._read(number, cells)
            if len(self.faults) == found:
                self._take(number, row)

    def places(self) -> set[str]:
        """Every code that the good rows name."""
        return {code for row in self.rows.values() for code in (row.place, row.parent)}

    def hold_to(self, known_places: Collection[str], known: Iterable[ParentRow]) -> None:
        """Make a fault of every row that names an unknown place, overlaps another, or lets a place lie in itself."""
        for key, row in list(self.rows.items()):
            for meaning, code in (("place", row.place), ("parent", row.parent)):
                if code not in known_places and key in self.rows:
                    self._drop(key, meaning, "no place has this code", "unknown_place")
        merged = {(row.place, row.hierarchy, row.valid_from): row for row in known} | self.rows
        self._drop_overlaps(merged)
        self._drop_cycles({key: row for key, row in merged.items() if key in self.rows or key not in self._row_of})

    def _drop_overlaps(self, rows: Mapping[Key, ParentRow]) -> None:
        by_place: dict[tuple[str, str], list[ParentRow]] = defaultdict(list)
        for row in rows.values():
            by_place[row.place, row.hierarchy].append(row)
        for several in by_place.values():
            several.sort(key=lambda row: row.valid_from)
            for one, another in pairwise(several):
                if one.valid_to is not None and one.valid_to < another.valid_from:
                    continue
                keys = [(row.place, row.hierarchy, row.valid_from) for row in (another, one)]
                for key in [key for key in keys if key in self.rows][:1]:
                    self._drop(key, "valid_from", "the place lies in two parents on one day", "overlap")

    def _drop_cycles(self, rows: Mapping[Key, ParentRow]) -> None:
        above: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows.values():
            above[row.hierarchy, row.place].add(row.parent)
        for key, row in list(self.rows.items()):
            seen: set[str] = set()
            ahead = {row.parent}
            while ahead and row.place not in ahead:
                seen |= ahead
                ahead = {parent for place in ahead for parent in above[row.hierarchy, place]} - seen
            if ahead:
                self._drop(key, "parent", "the place lies in itself by this hierarchy", "cycle")
                above[row.hierarchy, row.place].discard(row.parent)

    def _read(self, number: int, cells: Cells) -> ParentRow:
        place, hierarchy, parent = cells["place"], cells["hierarchy"], cells["parent"]
        valid_from, valid_to = (self._day(number, cells, meaning) for meaning in ("valid_from", "valid_to"))
        if not _CODE.fullmatch(place):
            self._fault(number, "place", _NOT_A_CODE, "invalid_code")
        if not _NAME.fullmatch(hierarchy):
            self._fault(number, "hierarchy", "is not a word such as health or ceremonial", "invalid_hierarchy")
        if parent == place or not _CODE.fullmatch(parent):
            reason = "is the place itself" if parent == place else _NOT_A_CODE
            self._fault(number, "parent", reason, "invalid_parent")
        if valid_from and valid_to and valid_to < valid_from:
            self._fault(number, "valid_to", "is before the first day", "invalid_span")
        return ParentRow(place, hierarchy, valid_from or ALWAYS, parent, valid_to)

    def _day(self, number: int, cells: Cells, meaning: str) -> str | None:
        text = cells.get(meaning) or None
        try:
            return None if text is None else date.fromisoformat(text).isoformat()
        except ValueError:
            self._fault(number, meaning, "is not a day, such as 2019-04-01", "invalid_day")
            return None

    def _take(self, number: int, row: ParentRow) -> None:
        key = row.place, row.hierarchy, row.valid_from
        if key not in self.rows:
            self.rows[key], self._row_of[key] = row, number
        elif self.rows[key] == row:
            self.repeated += 1
        else:
            self._fault(number, "parent", f"row {self._row_of[key]} says otherwise of this place", "contradicted")

    def _drop(self, key: Key, meaning: str, reason: str, code: str) -> None:
        del self.rows[key]
        self._fault(self._row_of[key], meaning, reason, code)

    def _fault(self, number: int, meaning: str, reason: str, code: str) -> None:
        self.faults.append(Fault(None, reason, code, number, self._columns.get(meaning)))
