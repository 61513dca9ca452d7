"""The rows of a places file: read and checked, every fault named. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from services.measures.places.models import PlaceRow
from services.measures.sheets import Cells, Sheet
from shared.errors import Fault
from shared.fields import GSS, ONE_LINE

MEANINGS = ("code", "name", "kind", "parent", "valid_from", "valid_to")
REQUIRED = ("code", "name", "kind")

_CODE = re.compile(GSS)
_NAME = re.compile(ONE_LINE)
_KIND = re.compile("[a-z][a-z0-9_]{0,59}")
_NOT_A_CODE = "is not a GSS code: a letter and eight digits, such as E07000080"


class CheckedPlaces:
    """A sheet's places that are well formed, each once, by code; and the faults of the other rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.places: dict[str, PlaceRow] = {}
        self.faults = list(sheet.faults)
        self.repeated = 0
        self._row_of: dict[str, int] = {}
        self._columns = sheet.columns
        contradicted: set[str] = set()
        for number, cells in sheet.rows:
            found = len(self.faults)
            place = self._read(number, cells)
            if len(self.faults) == found:
                self._take(number, place, contradicted)
        for code in contradicted:
            self._drop(code, "code", "another row says otherwise of the same place", "contradicted")

    def codes(self) -> set[str]:
        """Every code that the good rows name, parents too."""
        return self.places.keys() | {place.parent for place in self.places.values() if place.parent}

    def drop_orphans(self, known: Collection[str]) -> None:
        """Make a fault of every place whose parent is neither known already nor in the file, and of theirs in turn."""
        while orphans := [
            place.code
            for place in self.places.values()
            if place.parent and place.parent not in self.places and place.parent not in known
        ]:
            for code in orphans:
                self._drop(code, "parent", "no place has this code", "unknown_place")

    def _read(self, number: int, cells: Cells) -> PlaceRow:
        code, name, kind = cells["code"], cells["name"], _slug(cells["kind"])
        parent = cells.get("parent") or None
        valid_from, valid_to = (self._day(number, cells, meaning) for meaning in ("valid_from", "valid_to"))
        if not _CODE.fullmatch(code):
            self._fault(number, "code", _NOT_A_CODE, "invalid_code")
        if not name or len(name) > 200 or not _NAME.fullmatch(name):
            self._fault(number, "name", "is not a name of 1 to 200 characters", "invalid_name")
        if not _KIND.fullmatch(kind):
            self._fault(number, "kind", "is not a kind of place, such as District", "invalid_kind")
        if parent is not None and (parent == code or not _CODE.fullmatch(parent)):
            self._fault(number, "parent", "is the place itself" if parent == code else _NOT_A_CODE, "invalid_parent")
        if valid_from and valid_to and valid_to < valid_from:
            self._fault(number, "valid_to", "is before the day that the place is valid from", "invalid_span")
        return PlaceRow(code, name, kind, parent, valid_from, valid_to)

    def _day(self, number: int, cells: Mapping[str, str], meaning: str) -> str | None:
        text = cells.get(meaning) or None
        if text is not None:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                self._fault(number, meaning, "is not a day, such as 2019-04-01", "invalid_day")
        return None

    def _take(self, number: int, place: PlaceRow, contradicted: set[str]) -> None:
        known = self.places.setdefault(place.code, place)
        if place.code not in self._row_of:
            self._row_of[place.code] = number
        elif known == place:
            self.repeated += 1
        else:
            contradicted.add(place.code)
            self._fault(number, "code", f"row {self._row_of[place.code]} says otherwise of this place", "contradicted")

    def _drop(self, code: str, meaning: str, reason: str, fault_code: str) -> None:
        del self.places[code]
        self._fault(self._row_of[code], meaning, reason, fault_code)

    def _fault(self, number: int, meaning: str, reason: str, code: str) -> None:
        self.faults.append(Fault(None, reason, code, number, self._columns.get(meaning)))


def _slug(kind: str) -> str:
    """The publisher's word for a kind of place as one word: `Unitary Authority` is `unitary_authority`."""
    return re.sub(r"[\s-]+", "_", kind.lower())
