"""One import of places from its file to its answer: validate all of it first, then upsert in slices.

Places are a matter of record and stay where a slice put them; a file whose import was cut short is simply sent again.
"""

import asyncio
from collections.abc import Mapping

from fastapi import Response

from services.measures.imports.checked import CheckedFile, answered_before
from services.measures.imports.models import ImportStatus, Kind, OnError
from services.measures.imports.schemas import ImportQuery
from services.measures.places import store
from services.measures.places.models import PlaceRow
from services.measures.places.rows import MEANINGS, REQUIRED, CheckedPlaces
from services.measures.sheets import Sheet, column_mapping, read_sheet
from services.measures.slices import slices
from shared.calls import CallOf


async def import_places(call: CallOf, query: ImportQuery, body: bytes) -> Response:
    """Take a file of places, or say all that is wrong with it."""
    if (first := await answered_before(call)) is not None:
        return first
    mapping = column_mapping(query.columns, MEANINGS)
    sheet, checked = await asyncio.to_thread(_read, body, mapping)
    known = await call.bound.read(store.find, checked.codes())
    checked.drop_orphans(known.keys())
    file = CheckedFile.of(Kind.PLACES, sheet, checked.faults, checked.repeated)
    if file.faults and query.on_error is OnError.REJECT and not query.dry_run:
        raise await file.refuse(call)
    new, revised = _changes(checked, known)
    counts = file.counts.plus(len(new), len(revised), len(checked.places) - len(new) - len(revised))
    if query.dry_run:
        return await file.report(call, ImportStatus.DRY_RUN, counts)
    for few in slices([*new, *revised]):
        await call.bound.write(store.save, few)
    return await file.report(call, ImportStatus.RECORDED, counts)


def _read(body: bytes, mapping: Mapping[str, str]) -> tuple[Sheet, CheckedPlaces]:
    sheet = read_sheet(body, mapping, MEANINGS, REQUIRED)
    return sheet, CheckedPlaces(sheet)


def _changes(checked: CheckedPlaces, known: Mapping[str, PlaceRow]) -> tuple[list[PlaceRow], list[PlaceRow]]:
    """The places that were not known, and those of which something else was known."""
    places = checked.places.values()
    new = [place for place in places if place.code not in known]
    return new, [place for place in places if known.get(place.code, place) != place]
