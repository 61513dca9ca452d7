"""One row of figures, from a file or a request: checked by its version and the places, every fault named. Pure.

The cells are text by what they mean, however they came; whoever reads knows where they stood, and says so of a fault.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from services.measures.measures.models import Boundaries, Kind, MeasureVersion
from services.measures.measures.schemes import Dimension, unknown_in
from services.measures.observations.amounts import AmountFault, read_amount
from services.measures.observations.models import EVERYBODY, NONE, Amount, Figure
from services.measures.periods import NotAPeriod, Period, PeriodType, parse
from services.measures.places.models import Span
from services.measures.sheets import Cells
from shared.errors import Conflict
from shared.fields import GSS

ABOUT = ("place", "period", "cell", "programme", "activity")
"""What a figure is about; of these, all but place and period may be left out."""
AMOUNT = ("value", "numerator", "denominator", "n", "sum_x", "sum_x2", "bound", "status")
"""What a figure says."""
MEANINGS = (*ABOUT, *AMOUNT)

_CODE = re.compile(GSS)
_CELL = re.compile("[a-z][a-z0-9_]{0,39}=[a-z0-9_+-]{1,40}(;[a-z][a-z0-9_]{0,39}=[a-z0-9_+-]{1,40}){0,5}")
_REFERENCE = re.compile("[a-z][a-z0-9_]{0,79}")


_REMEMBERED = 10_000

T = TypeVar("T")


class NotANumber(Conflict):
    """The measure's figures are of a kind that is more than one number."""

    code, title = "not_a_number", "Figures of this kind cannot be imported from rows of values"


class CellFault(NamedTuple):
    """What is wrong with a row: in which cell, by its meaning, in words that repeat nothing, and a stable code."""

    meaning: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a version asks of its figures."""

    kind: Kind
    unit: str
    period_type: PeriodType
    year_starts: str
    boundaries: Boundaries
    scheme: Sequence[Dimension] = ()

    @classmethod
    def of(cls, version: MeasureVersion) -> "Rules":
        """The rules of that version. Raises NotANumber."""
        kind = Kind(version.kind)
        if kind is Kind.NARRATIVE:
            raise NotANumber(f"a figure of the kind {kind.value} is no number, and a row holds one")
        return cls(
            kind, version.unit, PeriodType(version.period_type), version.year_starts, Boundaries(version.boundaries),
            version.scheme,
        )  # fmt: skip


class FigureReader:
    """Reads rows by the rules of a version; `places` are the known ones among those that the rows name."""

    def __init__(self, rules: Rules, places: Mapping[str, Span]) -> None:
        self._rules = rules
        self._places = places
        # Each is read once: a file names few periods and cells, and those often.
        self._periods: dict[str, Period | CellFault] = {}
        self._cells: dict[str, str | CellFault] = {}

    def read(self, cells: Cells) -> Figure | list[CellFault]:
        """The row's figure, or all that is wrong with it."""
        said = cells.get
        place, period, cell = said("place", ""), self._period(said("period", "")), self._cell(said("cell", ""))
        stood = self._stands(place, period if isinstance(period, Period) else None)
        programme = _reference("programme", said("programme", NONE))
        activity = _reference("activity", said("activity", NONE))
        amount = self._amount(cells)
        if (
            isinstance(period, Period) and stood is None and isinstance(cell, str) and isinstance(programme, str)
            and isinstance(activity, str) and isinstance(amount, Amount)
        ):  # fmt: skip
            return Figure(place, period, cell, amount, programme, activity)
        return [found for found in (period, stood, cell, programme, activity, amount) if isinstance(found, CellFault)]

    def _period(self, text: str) -> Period | CellFault:
        known = self._periods.get(text)
        if known is None:
            try:
                known = parse(text, self._rules.period_type, self._rules.year_starts)
            except NotAPeriod as error:
                known = CellFault("period", str(error), "invalid_period")
            _remember(self._periods, text, known)
        return known

    def _stands(self, code: str, period: Period | None) -> CellFault | None:
        """What is wrong with reporting on this place for this period."""
        span = self._places.get(code)
        if span is None:
            reason = "no place has this code" if _CODE.fullmatch(code) else "is not a GSS code, such as E07000080"
            return CellFault("place", reason, "unknown_place")
        if period is None:
            return None
        if span.ended_before(period.start):
            return CellFault("place", f"was abolished on {span.valid_to}, before the period", "place_did_not_exist")
        if self._rules.boundaries is not Boundaries.BACK_CAST and not span.began_by(period.end):
            reason = f"exists from {span.valid_from}, after the period, and the version is not back-cast"
            return CellFault("place", reason, "place_did_not_exist")
        return None

    def _cell(self, text: str) -> str | CellFault:
        known = self._cells.get(text)
        if known is None:
            known = _read_cell(text, self._rules.scheme)
            _remember(self._cells, text, known)
        return known

    def _amount(self, cells: Cells) -> Amount | CellFault:
        try:
            return read_amount(cells, self._rules.kind, self._rules.unit)
        except AmountFault as fault:
            return CellFault(fault.meaning, str(fault), fault.code)


def place_codes(texts: Iterable[str]) -> set[str]:
    """Those of the texts that are written like a place's code."""
    return {text for text in texts if _CODE.fullmatch(text)}


def _remember(known: dict[str, T], text: str, read: T) -> None:
    if len(known) >= _REMEMBERED:  # a file whose every row names another period is a bad one, and may be long
        known.clear()
    known[text] = read


def _read_cell(text: str, scheme: Sequence[Dimension]) -> str | CellFault:
    if not text or text == EVERYBODY:
        return EVERYBODY
    parts = sorted(text.split(";"))
    if not _CELL.fullmatch(text) or len({part.partition("=")[0] for part in parts}) < len(parts):
        return CellFault("cell", "is not dimension=category, several separated by semicolons", "invalid_cell")
    cell = ";".join(parts)
    unknown = unknown_in(cell, scheme)
    return cell if unknown is None else CellFault("cell", unknown, "unknown_cell")


def _reference(meaning: str, text: str) -> str | CellFault:
    if text == NONE or _REFERENCE.fullmatch(text):
        return text
    return CellFault(meaning, "is no id: lower-case letters, digits and underscores, at most 80", "invalid_reference")
