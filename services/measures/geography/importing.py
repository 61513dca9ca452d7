"""One import of hierarchies or of changes from its file to its answer: validate all of it first, then write in slices.

Both are matters of record and stay where a slice put them; a file whose import was cut short is simply sent again.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from fastapi import Response
from sqlalchemy.orm import Session

from services.measures.geography import change_rows, parent_rows, store
from services.measures.geography.change_rows import CheckedChanges
from services.measures.geography.models import ChangeRow, ParentRow
from services.measures.geography.parent_rows import CheckedParents
from services.measures.imports.checked import CheckedFile, answered_before
from services.measures.imports.models import ImportStatus, Kind, OnError
from services.measures.imports.schemas import ImportQuery
from services.measures.places import store as places
from services.measures.places.models import PlaceRow
from services.measures.sheets import column_mapping, read_sheet
from services.measures.slices import SLICE_ROWS
from shared.calls import CallOf

Row = TypeVar("Row", ParentRow, ChangeRow)


async def import_hierarchies(call: CallOf, query: ImportQuery, body: bytes) -> Response:
    """Take a file of where places lie, or say all that is wrong with it."""
    if (first := await answered_before(call)) is not None:
        return first
    mapping = column_mapping(query.columns, parent_rows.MEANINGS)
    sheet = await asyncio.to_thread(read_sheet, body, mapping, parent_rows.MEANINGS, parent_rows.REQUIRED)
    checked = await asyncio.to_thread(CheckedParents, sheet)
    known_places, known = await call.bound.read(_known_parents, checked.places())
    checked.hold_to(known_places, known)
    file = CheckedFile.of(Kind.HIERARCHIES, sheet, checked.faults, checked.repeated)
    before = {(row.place, row.hierarchy, row.valid_from): row for row in known}
    return await _taken(call, query, file, checked.rows, before, store.save_parents)


async def import_changes(call: CallOf, query: ImportQuery, body: bytes) -> Response:
    """Take a file of what became of places, or say all that is wrong with it."""
    if (first := await answered_before(call)) is not None:
        return first
    mapping = column_mapping(query.columns, change_rows.MEANINGS)
    sheet = await asyncio.to_thread(read_sheet, body, mapping, change_rows.MEANINGS, change_rows.REQUIRED)
    checked = await asyncio.to_thread(CheckedChanges, sheet)
    named = checked.places()
    spans = await call.bound.read(places.find, named)
    checked.hold_to({code: place.span for code, place in spans.items()})
    file = CheckedFile.of(Kind.CHANGES, sheet, checked.faults, checked.repeated)
    before = {(row.place, row.on, row.to): row for row in await call.bound.read(store.changes_of, named)}
    return await _taken(call, query, file, checked.rows, before, store.save_changes)


async def _taken(
    call: CallOf,
    query: ImportQuery,
    file: CheckedFile,
    rows: Mapping[tuple[str, str, str], Row],
    known: Mapping[tuple[str, str, str], Row],
    save: Callable[[Session, Sequence[Row]], None],
) -> Response:
    """Write what differs from what is known, and report; a refusal or a dry run writes nothing."""
    if file.faults and query.on_error is OnError.REJECT and not query.dry_run:
        raise await file.refuse(call)
    new = sum(key not in known for key in rows)
    revised = sum(key in known and known[key] != row for key, row in rows.items())
    counts = file.counts.plus(new, revised, len(rows) - new - revised)
    if query.dry_run:
        return await file.report(call, ImportStatus.DRY_RUN, counts)
    for few in _by_place(rows):
        await call.bound.write(save, few)
    return await file.report(call, ImportStatus.RECORDED, counts)


def _by_place(rows: Mapping[tuple[str, str, str], Row]) -> Iterator[Sequence[Row]]:
    """The rows in slices, all of one place in one of them: what became of it is never seen by halves."""
    held: list[Row] = []
    for _, of_place in groupby(sorted(rows.values()), key=lambda row: row.place):
        held += of_place
        if len(held) >= SLICE_ROWS:
            yield held
            held = []
    if held:
        yield held


def _known_parents(session: Session, codes: set[str]) -> tuple[Mapping[str, PlaceRow], list[ParentRow]]:
    """The places among these codes, and where they and all that is above them lie."""
    known = store.parents_of(session, codes)
    seen, ahead = set(codes), {row.parent for row in known} - codes
    while ahead:
        above = store.parents_of(session, ahead)
        known += above
        seen |= ahead
        ahead = {row.parent for row in above} - seen
    return places.find(session, codes), known
