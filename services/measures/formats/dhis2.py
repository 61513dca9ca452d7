"""DHIS2 data value sets, in JSON and CSV: a data element a part of a figure, codes for what it is about. Pure.

By codes, `orgUnit` is the place's (the set says `orgUnitIdScheme=CODE`), `categoryOptionCombo` the cell, and
`attributeOptionCombo` programme and activity; `default` is none. A data element is `{version}.{part}`, or whatever the
import says (`columns=numerator:fbfJHSPpUQD,…`). DHIS2 has no status and no bound: they stand in the `comment`, which is
read back when it is one of their words and passed over when it is anything else. Periods are DHIS2's fixed ones (docs,
*Date and period format*): a survey year that starts in the middle of a month is none of them, and is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from services.measures.formats import flat
from services.measures.formats.models import Dataset, Row
from services.measures.observations.models import BOUND_WORDS, EVERYBODY, Bound, FigureStatus
from services.measures.periods import PeriodType
from services.measures.sheets import Cells, Sheet, UnreadableFile, read_sheet
from shared.errors import Conflict, Fault

PARTS = ("value", "numerator", "denominator", "n", "sum_x", "sum_x2")
DEFAULTS = ("", "default", "HllvX50cXC0")
"""No category: empty, its code, or the uid that every DHIS2 has for it."""
_CSV = (
    "dataelement", "period", "orgunit", "categoryoptioncombo", "attributeoptioncombo", "value", "storedby",
    "lastupdated", "comment", "followup", "deleted",
)  # fmt: skip
_FROM_CSV = {
    "dataelement": "dataElement", "orgunit": "orgUnit", "categoryoptioncombo": "categoryOptionCombo",
    "attributeoptioncombo": "attributeOptionCombo",
}  # fmt: skip
_WORDS = {status.value for status in FigureStatus} - {FigureStatus.REPORTED.value}
_BOUNDS = {word for bound, word in BOUND_WORDS.items() if bound is not Bound.EXACTLY}


class NoSuchPeriod(Conflict):
    """DHIS2 has no period type like the version's."""

    code, title = "period_not_in_format", "DHIS2 has no periods of this type"


class _Value(msgspec.Struct, rename="camel"):
    """A data value. What stands at the head of the set is meant where it says nothing."""

    data_element: str = ""
    period: str = ""
    org_unit: str = ""
    category_option_combo: str = ""
    attribute_option_combo: str = ""
    value: str | int | float | None = None
    comment: str | None = None
    deleted: bool = False


class _Set(msgspec.Struct, rename="camel"):
    data_values: list[_Value]
    period: str = ""
    org_unit: str = ""
    attribute_option_combo: str = ""


class _About(NamedTuple):
    org_unit: str
    period: str
    category: str
    attribute: str


def write_json(dataset: Dataset) -> bytes:
    """The figures as a data value set. Raises NoSuchPeriod."""
    values = [dict(zip(_FIELDS, value, strict=True)) for value in _values(dataset)]
    kept = [{name: text for name, text in value.items() if text is not None} for value in values]
    return msgspec.json.encode({"orgUnitIdScheme": "CODE", "dataElementIdScheme": "CODE", "dataValues": kept})


def write_csv(dataset: Dataset) -> bytes:
    """The same as CSV. Raises NoSuchPeriod."""
    return flat.lines(_CSV, ((*value[:6], None, None, value[6], None, None) for value in _values(dataset)))


_FIELDS = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo", "value", "comment")


def _values(dataset: Dataset) -> Iterator[Sequence[str | None]]:
    for row in dataset.rows:
        about = (_period(row, dataset.period_type), row.place, _category(row), _attribute(row))
        amount = row.amount
        comment = None if amount.bound is Bound.EXACTLY else BOUND_WORDS[amount.bound]
        if amount.status is not FigureStatus.REPORTED:
            yield (f"{dataset.version}.value", *about, None, amount.status.value)
        for part in PARTS:
            said = getattr(amount, part)
            if said is not None:
                yield (f"{dataset.version}.{part}", *about, str(said), comment)


def read_json(body: bytes, elements: Mapping[str, str], version: str, period_type: PeriodType) -> Sheet:
    """A sheet of what a data value set says; rows are its data values, counted from 1. Raises UnreadableFile."""
    try:
        sent = msgspec.json.decode(body, type=_Set)
    except (msgspec.DecodeError, UnicodeDecodeError):
        reason = "is no data value set: JSON in UTF-8 with `dataValues`, each with dataElement, period, orgUnit, value"
        raise UnreadableFile(reason, faults=[Fault(None, reason, "not_a_data_value_set", 0)]) from None
    rows = [
        (number, {
            "dataElement": each.data_element, "period": each.period or sent.period,
            "orgUnit": each.org_unit or sent.org_unit, "categoryOptionCombo": each.category_option_combo,
            "attributeOptionCombo": each.attribute_option_combo or sent.attribute_option_combo,
            "value": "" if each.value is None else str(each.value), "comment": each.comment or "",
            "deleted": "true" if each.deleted else "",
        })
        for number, each in enumerate(sent.data_values, 1)
    ]  # fmt: skip
    return _gathered(rows, [], elements, version, period_type)


def read_csv(body: bytes, elements: Mapping[str, str], version: str, period_type: PeriodType) -> Sheet:
    """A sheet of what data values in CSV say. Raises UnreadableFile."""
    sheet = read_sheet(body, {}, None, ("dataelement", "period", "orgunit", "value"))
    rows = [(number, {_FROM_CSV.get(name, name): text for name, text in cells.items()}) for number, cells in sheet.rows]
    return _gathered(rows, sheet.faults, elements, version, period_type)


def _gathered(
    rows: Sequence[tuple[int, Cells]],
    faults: Sequence[Fault],
    elements: Mapping[str, str],
    version: str,
    period_type: PeriodType,
) -> Sheet:
    """Data values of one place, period and category are the parts of one figure, in the row of the first of them."""
    part_of = {f"{version}.{part}": part for part in PARTS} | {name: part for part, name in elements.items()}
    found: dict[_About, tuple[int, dict[str, str]]] = {}
    wrong = list(faults)
    for number, cells in rows:
        part = part_of.get(cells.get("dataElement", ""))
        about = _about(cells)
        if part is None:
            wrong.append(
                Fault(None, "is no data element of this import", "unknown_data_element", number, "dataElement")
            )
        elif cells.get("deleted") == "true":
            wrong.append(Fault(None, "deletes, and figures are only corrected", "not_supported", number, "deleted"))
        else:
            _, figure = found.setdefault(about, (number, _begun(about, period_type)))
            if figure.setdefault(part, cells["value"]) != cells["value"]:
                wrong.append(Fault(None, "another row has another value for it", "contradicted", number, "value"))
            figure |= _commented(cells.get("comment", ""))
    names = {part: name for name, part in part_of.items()}
    return Sheet(_ABOUT_COLUMNS | names, list(found.values()), wrong)


_ABOUT_COLUMNS = {
    "place": "orgUnit", "period": "period", "cell": "categoryOptionCombo", "programme": "attributeOptionCombo",
    "activity": "attributeOptionCombo", "status": "comment", "bound": "comment",
}  # fmt: skip


def _about(cells: Cells) -> _About:
    """What a data value is about; every way of saying that it is of no category is the same."""
    org_unit, period, category, attribute = (
        cells.get(name, "") for name in ("orgUnit", "period", "categoryOptionCombo", "attributeOptionCombo")
    )
    return _About(
        org_unit, period, "" if category in DEFAULTS else category, "" if attribute in DEFAULTS else attribute
    )


def _begun(about: _About, period_type: PeriodType) -> dict[str, str]:
    shape = _SHAPES.get(period_type)
    period = shape[1](about.period) if shape and re.fullmatch(shape[0], about.period) else about.period
    cells = {"place": about.org_unit, "period": period}
    cells["cell"] = about.category or EVERYBODY
    for part in filter(None, about.attribute.split(";")):
        name, _, text = part.partition("=")
        cells[name if name == "activity" else "programme"] = text or part
    return cells


def _commented(comment: str) -> dict[str, str]:
    if comment in _WORDS:
        return {"status": comment}
    return {"bound": comment} if comment in _BOUNDS else {}


def _category(row: Row) -> str:
    return "default" if row.cell == EVERYBODY else row.cell


def _attribute(row: Row) -> str:
    said = [f"{name}={text}" for name, text in (("programme", row.programme), ("activity", row.activity)) if text]
    return ";".join(said) or "default"


def _period(row: Row, period_type: PeriodType) -> str:
    if period_type not in _SHAPES:
        raise NoSuchPeriod(f"it has no {period_type} that starts on {row.period.start:%d %B}")
    ending = {PeriodType.FINANCIAL_YEAR: "April", PeriodType.ACADEMIC_YEAR: "Sep"}.get(period_type)
    return row.period.text.replace("-", "") if ending is None else f"{row.period.start.year}{ending}"


def _split(text: str) -> str:
    return f"{text[:4]}/{(int(text[:4]) + 1) % 100:02}"


_SHAPES: Mapping[PeriodType, tuple[str, Callable[[str], str]]] = {
    PeriodType.CALENDAR_YEAR: ("[12][0-9]{3}", str),
    PeriodType.QUARTER: ("[12][0-9]{3}Q[1-4]", lambda text: f"{text[:4]}-{text[4:]}"),
    PeriodType.MONTH: ("[12][0-9]{5}", lambda text: f"{text[:4]}-{text[4:]}"),
    PeriodType.DAY: ("[12][0-9]{7}", lambda text: f"{text[:4]}-{text[4:6]}-{text[6:]}"),
    PeriodType.FINANCIAL_YEAR: ("[12][0-9]{3}April", _split),
    PeriodType.ACADEMIC_YEAR: ("[12][0-9]{3}Sep", _split),
}
