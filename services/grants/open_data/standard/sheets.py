"""Grants as a spreadsheet and back: a row a grant, a column a field, headed by the standard's titles.

`Recipient Org:0:Identifier` is the identifier of a grant's first recipient, and a list of texts stands in one cell with
semicolons between: the way of flatten-tool, which 360Giving's own tools read spreadsheets by. Reading takes the names
of fields too (`recipientOrganization/0/id`), and a heading without a number means the first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from services.grants.open_data.standard.fields import GRANT, Field, Kind

Path = tuple[str | int, ...]
Cell = str | float | bool | date | datetime | None
CELLS = (str, int, float, bool, date, datetime, type(None))
"""What a cell may hold, for asking of one that it does."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_BETWEEN = ";"
MOST_LISTED = 50
"""Parts of one field that a row may have, such as places where a grant is spent."""


class Column(NamedTuple):
    """A column: which field of a grant it has, and what that holds."""

    path: Path
    field: Field


def table(grants: Sequence[Mapping[str, object]]) -> Iterator[list[object]]:
    """The header, and a row a grant; only columns that some grant fills, in the standard's order."""
    rows = [dict(_cells((), GRANT, grant)) for grant in grants]
    columns = sorted({path for row in rows for path in row}, key=_rank)
    yield [heading(path) for path in columns]
    for row in rows:
        yield [row.get(path) for path in columns]


def heading(path: Path) -> str:
    """What a column is called: `Recipient Org:0:Identifier`."""
    fields, words = GRANT, []
    for step in path:
        if isinstance(step, int):
            words.append(str(step))
        else:
            field = fields[step]
            words.append(field.title)
            fields = field.parts
    return ":".join(words)


def column(text: str) -> Column | None:
    """The column that a heading names, by titles or by the names of fields; None where the standard has no such field.

    Capitals and blanks make no difference.
    """
    fields, path, field = GRANT, list[str | int](), None
    for step in re.split("[:/]", text):
        if step.strip().isdigit() and field is not None and field.kind is Kind.PARTS and isinstance(path[-1], str):
            if int(step) >= MOST_LISTED:
                return None
            path.append(int(step))
            continue
        name = _named(fields, step)
        if name is None:
            return None
        if field is not None and field.kind is Kind.PARTS and isinstance(path[-1], str):
            path.append(0)
        field, fields = fields[name], fields[name].parts
        path.append(name)
    if field is None or field.kind in (Kind.PART, Kind.PARTS):
        return None
    return Column(tuple(path), field)


def grant(columns: Sequence[Column | None], cells: Sequence[Cell]) -> dict[str, object]:
    """The grant of a row, its cells by their columns. An empty cell is nothing; a column of no field is left out."""
    made: dict[str, object] = {}
    for each, cell in zip(columns, cells, strict=False):
        value = None if each is None else _value(each.field, cell)
        if each is not None and value is not None:
            _put(made, each.path, value)
    return made


def _cells(place: Path, fields: Mapping[str, Field], of: Mapping[str, object]) -> Iterator[tuple[Path, object]]:
    for name, value in of.items():
        here = (*place, name)
        match fields[name].kind, value:
            case Kind.PART, Mapping():
                yield from _cells(here, fields[name].parts, value)
            case Kind.PARTS, list():
                for at, each in enumerate(value):
                    yield from _cells((*here, at), fields[name].parts, each)
            case ((Kind.TEXTS | Kind.CODES), list()):
                yield here, _BETWEEN.join(value)
            case _:
                yield here, value


def _rank(path: Path) -> list[int]:
    """Where a column stands: fields as the standard lists them, parts by their number."""
    fields, ranked = GRANT, []
    for step in path:
        if isinstance(step, int):
            ranked.append(step)
        else:
            ranked.append(list(fields).index(step))
            fields = fields[step].parts
    return ranked


def _named(fields: Mapping[str, Field], step: str) -> str | None:
    wanted = step.strip().casefold()
    return next((name for name, field in fields.items() if wanted in (name.casefold(), field.title.casefold())), None)


def _value(field: Field, cell: Cell) -> object:
    match cell:
        case None | "":
            return None
        case datetime():
            return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else f"{cell:%FT%TZ}"
        case date():
            return cell.isoformat()
        case bool():
            return "Yes" if cell else "No"
        case int() | float():
            return _number(cell) if field.kind is Kind.NUMBER else format(Decimal(f"{cell:.15g}"), "f")
    text = cell.strip()
    if not text:
        return None
    if field.kind in (Kind.TEXTS, Kind.CODES):
        return [each.strip() for each in text.split(_BETWEEN) if each.strip()]
    if field.kind is Kind.NUMBER and _NUMBER.fullmatch(text):
        return _number(float(text))
    return text


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _put(made: dict[str, object], path: Path, value: object) -> None:
    """Set a field that may lie deep, making what it is a part of; parts that no cell is in stay empty objects."""
    here: object = made
    for step, following in pairwise(path):
        under: object = [] if isinstance(following, int) else {}
        if isinstance(here, dict):
            here = here.setdefault(step, under)
        elif isinstance(here, list) and isinstance(step, int):
            here.extend({} for _ in range(step + 1 - len(here)))
            here = here[step]
    if isinstance(here, dict):
        here[path[-1]] = value
