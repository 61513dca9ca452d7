"""The rows of a file of figures: read and checked against their version and the places, every fault named. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.measures.measures.models import Boundaries, Kind, MeasureVersion
from services.measures.observations.amounts import AmountFault, read_amount
from services.measures.observations.models import EVERYBODY, Amount, Figure
from services.measures.periods import NotAPeriod, Period, PeriodType, parse
from services.measures.places.models import Span
from services.measures.sheets import Cells, Sheet, UnreadableFile, column_mapping, read_sheet
from shared.errors import Conflict, Fault
from shared.fields import GSS

MEANINGS = ("place", "period", "value", "numerator", "denominator", "n", "cell", "status")
REQUIRED = ("place", "period")

_NUMBERS = (Kind.FLOW, Kind.STOCK, Kind.RATIO, Kind.MEAN)
_CODE = re.compile(GSS)
_CELL = re.compile("[a-z][a-z0-9_]{0,39}=[a-z0-9_+-]{1,40}(;[a-z][a-z0-9_]{0,39}=[a-z0-9_+-]{1,40}){0,5}")


class NotANumber(Conflict):
    """The measure's figures are of a kind that is more than one number."""

    code, title = "not_a_number", "Figures of this kind cannot be imported from rows of values"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a version asks of its figures."""

    kind: Kind
    unit: str
    period_type: PeriodType
    year_starts: str
    boundaries: Boundaries

    @classmethod
    def of(cls, version: MeasureVersion) -> "Rules":
        """The rules of that version."""
        return cls(
            Kind(version.kind), version.unit, PeriodType(version.period_type), version.year_starts,
            Boundaries(version.boundaries),
        )  # fmt: skip


class CheckedFigures:
    """A sheet's figures that are well formed, each once; and the faults of the other rows.

    `places` are the known ones among :func:`codes_of` the sheet.
    """

    def __init__(self, sheet: Sheet, rules: Rules, places: Mapping[str, Span]) -> None:
        self.faults = list(sheet.faults)
        self.repeated = 0
        self._columns = sheet.columns
        self._rules = rules
        self._places = places
        self._periods: dict[str, Period | str] = {}  # each period is read once: a file names few of them, often
        self._figures: dict[tuple[str, str, str], tuple[int, Figure]] = {}
        contradicted: set[tuple[str, str, str]] = set()
        for number, cells in sheet.rows:
            figure = self._read(number, cells)
            if figure is not None:
                self._take(number, figure, contradicted)
        for key in contradicted:
            number, _ = self._figures.pop(key)
            self._fault(number, "value", "another row has another figure for the same key", "contradicted")

    def in_order(self) -> list[Figure]:
        """The figures by their keys, so that a slice of them is one range of the database's index."""
        by_place: dict[str, list[tuple[tuple[str, str, str], Figure]]] = defaultdict(list)
        for key, (_, figure) in self._figures.items():
            by_place[figure.place].append((key, figure))
        # Place by place: one sort of a great file would keep every other thread waiting until its end.
        return [figure for place in sorted(by_place) for _, figure in sorted(by_place[place])]

    def _read(self, number: int, cells: Cells) -> Figure | None:
        found = len(self.faults)
        period = self._period(number, cells["period"])
        self._check_place(number, cells["place"], period)
        cell = self._cell(number, cells.get("cell", ""))
        amount = self._amount(number, cells)
        if len(self.faults) > found or period is None or amount is None:
            return None
        return Figure(cells["place"], period, cell, amount)

    def _period(self, number: int, text: str) -> Period | None:
        if text not in self._periods:
            try:
                self._periods[text] = parse(text, self._rules.period_type, self._rules.year_starts)
            except NotAPeriod as error:
                self._periods[text] = str(error)
        known = self._periods[text]
        if isinstance(known, Period):
            return known
        self._fault(number, "period", known, "invalid_period")
        return None

    def _check_place(self, number: int, code: str, period: Period | None) -> None:
        span = self._places.get(code)
        if span is None:
            reason = "no place has this code" if _CODE.fullmatch(code) else "is not a GSS code, such as E07000080"
            self._fault(number, "place", reason, "unknown_place")
        elif period is None:
            return
        elif span.ended_before(period.start):
            self._fault(number, "place", f"was abolished on {span.valid_to}, before the period", "place_did_not_exist")
        elif self._rules.boundaries is not Boundaries.BACK_CAST and not span.began_by(period.end):
            reason = f"exists from {span.valid_from}, after the period, and the version is not back-cast"
            self._fault(number, "place", reason, "place_did_not_exist")

    def _cell(self, number: int, text: str) -> str:
        if not text or text == EVERYBODY:
            return EVERYBODY
        parts = sorted(text.split(";"))
        if not _CELL.fullmatch(text) or len({part.partition("=")[0] for part in parts}) < len(parts):
            self._fault(number, "cell", "is not dimension=category, several separated by semicolons", "invalid_cell")
        return ";".join(parts)

    def _amount(self, number: int, cells: Cells) -> Amount | None:
        try:
            return read_amount(cells, self._rules.kind, self._rules.unit)
        except AmountFault as fault:
            self._fault(number, fault.meaning, str(fault), fault.code)
            return None

    def _take(self, number: int, figure: Figure, contradicted: set[tuple[str, str, str]]) -> None:
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


def read_figures(body: bytes, columns: str, kind: Kind) -> Sheet:
    """The sheet of a file of figures of this kind. Raises NotANumber, WrongColumns and UnreadableFile."""
    if kind not in _NUMBERS:
        raise NotANumber(f"a figure of the kind {kind.value} is not one number, and a row holds one")
    sheet = read_sheet(body, column_mapping(columns, MEANINGS), MEANINGS, REQUIRED)
    in_counts = kind is Kind.RATIO and {"numerator", "denominator"} <= sheet.columns.keys()
    if "value" not in sheet.columns and not in_counts:
        also = ", or numerator and denominator" if kind is Kind.RATIO else ""
        fault = Fault(None, f"the file needs this column{also}", "missing_column", 0, "value")
        raise UnreadableFile("a column is missing", faults=[fault])
    return sheet


def codes_of(sheet: Sheet) -> Collection[str]:
    """Every well-formed place code that the sheet names."""
    return {cells["place"] for _, cells in sheet.rows if _CODE.fullmatch(cells["place"])}
