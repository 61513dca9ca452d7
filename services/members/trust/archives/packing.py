"""The zip that somebody gets: one page that tells everything, and each part as a table and for other programs.

What is held back leaves its place empty, and the page says how much it is and why.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import Environment, FileSystemLoader, select_autoescape

from services.members.trust.archives.catalogue import LEFT_OUT
from services.members.trust.archives.contents import Gathered
from services.members.trust.archives.models import PassageRow
from services.members.trust.archives.naming import SELF, day, is_reference
from services.members.trust.archives.others import Why
from shared import csv_out
from shared.access.sections import Column, Section, Value, as_text, is_words

HELD_BACK = "(held back)"
"""What stands in the place of a passage that the person does not get."""

_PAGE, _EVERYTHING = "index.html", "everything.json"
_WHY: Mapping[str, str] = {
    Why.WRITTEN_BY_ANOTHER: "somebody else wrote it",
    Why.NAMES_ANOTHER: "it names somebody else",
    Why.REACHES_ANOTHER: "it holds somebody else's address or number",
}
_FIRST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can tell: files carry it, so that the same content is the same file."""
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


class Held(NamedTuple):
    """How many passages of a part are held back, and the reasons that were given."""

    title: str
    passages: int
    reasons: Sequence[str]


class Told(NamedTuple):
    """A part as the page tells it: its title, what it is, its files, and its rows as texts."""

    title: str
    about: str
    file: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def packed(gathered: Gathered, held: Sequence[PassageRow], zone: str, at: datetime) -> bytes:
    """The zip of what was gathered, without what is held back; moments are told in an IANA time zone."""
    sections = _without(gathered.sections, held)
    names = _names(sections)
    told = [_told(section, name, ZoneInfo(zone)) for section, name in zip(sections, names, strict=True)]
    page = _templates.get_template("index.html").render(
        movement=gathered.movement,
        made_on=day(at.astimezone(ZoneInfo(zone)).date()),
        zone=zone,
        parts=told,
        nothing_in=gathered.nothing_in,
        held=_reasons(gathered.sections, held),
        left_out=[reason for reason in dict.fromkeys(LEFT_OUT.values()) if reason != "the same"],
        everything=_EVERYTHING,
    )
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as zipped:
        _write(zipped, _PAGE, page.encode())
        _write(zipped, _EVERYTHING, _json({"parts": [_machine(section) for section in sections]}))
        for section, name in zip(sections, names, strict=True):
            table = [[column.title for column in section.columns], *(map(as_text, row) for row in section.rows)]
            _write(zipped, f"{name}.csv", csv_out.lines(table))
            _write(zipped, f"{name}.json", _json(_machine(section)))
    return into.getvalue()


def _without(sections: Sequence[Section], held: Sequence[PassageRow]) -> list[Section]:
    """The sections, with each passage that is held back replaced."""
    places = {(passage.section, passage.row, passage.column) for passage in held}
    return [
        msgspec.structs.replace(
            section,
            rows=[
                [HELD_BACK if (place, row, column) in places else cell for column, cell in enumerate(cells)]
                for row, cells in enumerate(section.rows)
            ],
        )
        for place, section in enumerate(sections)
    ]


def _reasons(sections: Sequence[Section], held: Sequence[PassageRow]) -> list[Held]:
    counts = Counter(passage.section for passage in held)
    return [
        Held(
            sections[place].title,
            count,
            list(dict.fromkeys(each.reason or _WHY[each.why] for each in held if each.section == place)),
        )
        for place, count in sorted(counts.items())
    ]


def _names(sections: Sequence[Section]) -> list[str]:
    """Names of files that sort as the page has them: `files/01 Who you are`."""
    return [
        f"files/{number:02} {''.join(mark for mark in section.title if mark.isalnum() or mark in ' -')}"
        for number, section in enumerate(sections, 1)
    ]


def _machine(section: Section) -> Mapping[str, object]:
    return {
        "name": section.name,
        "title": section.title,
        "about": section.about,
        "columns": {column.name: column.title for column in section.columns},
        "rows": [
            {column.name: cell for column, cell in zip(section.columns, row, strict=True)} for row in section.rows
        ],
    }


def _told(section: Section, file: str, zone: ZoneInfo) -> Told:
    """A part as the page tells it. Ids are for programs alone, and that it is about the reader goes without saying."""
    shown = [
        (number, column)
        for number, column in enumerate(section.columns)
        if not all(row[number] is None or row[number] == SELF or is_reference(row[number]) for row in section.rows)
    ]
    rows = [[_cell(column, row[number], zone) for number, column in shown] for row in section.rows]
    return Told(section.title, section.about, file, [column.title for _, column in shown], rows)


def _cell(column: Column, value: Value, zone: ZoneInfo) -> str:
    """A value as people write it: `12 May 2026, 10:05`, `yes`, `active participant`."""
    if value is None or is_reference(value):
        return ""
    if value == HELD_BACK:
        return HELD_BACK
    match column.sort:
        case "moment":
            at = datetime.fromisoformat(str(value)).astimezone(zone)
            return f"{day(at.date())}, {at:%H:%M}"
        case "day":
            return day(date.fromisoformat(str(value)))
        case "yes_no":
            return "yes" if value else "no"
        case _ if column.author == "nobody" or not is_words(value):
            return as_text(value).replace("_", " ")
        case _:
            return as_text(value)


def _json(content: Mapping[str, object]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def _write(zipped: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _FIRST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    zipped.writestr(entry, content)
