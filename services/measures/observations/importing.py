"""One import of figures from its file to its answer: validate all of it first, then write it in slices."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response
from sqlalchemy.orm import Session

from services.measures.formats.models import Format
from services.measures.formats.reading import Reading, read_file
from services.measures.imports.checked import CheckedFile, answered_before
from services.measures.imports.models import Counts, ImportStatus, Kind, OnError, Source
from services.measures.imports.schemas import ImportReport, ObservationImportQuery
from services.measures.measures.domain import published_version
from services.measures.observations import domain
from services.measures.observations.models import Figure
from services.measures.observations.reading import Rules
from services.measures.observations.rows import CheckedFigures, codes_of
from services.measures.places import store as places
from services.measures.places.models import Span
from services.measures.sheets import Sheet
from services.measures.slices import slices
from services.measures.submissions import store as submissions
from shared.calls import CallOf
from shared.errors import Fault, Invalid
from shared.partners.answering import answering_for


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """A checked file of one reporter's figures, in the order of their keys."""

    file: CheckedFile
    source: Source
    figures: Sequence[Figure]
    closed: Collection[str]


async def import_observations(call: CallOf, query: ObservationImportQuery, body: bytes) -> Response:
    """Take a file of figures, or say all that is wrong with it."""
    if (first := await answered_before(call)) is not None:
        return first
    checked = await _check(call, query, body)
    if query.dry_run:
        return await checked.file.report(call, ImportStatus.DRY_RUN, await _compare(call, checked))
    if checked.file.faults and query.on_error is OnError.REJECT:
        raise await checked.file.refuse(call)
    return await _record(call, checked)


async def _check(call: CallOf, query: ObservationImportQuery, body: bytes) -> FiguresFile:
    version = await call.read_by_key(published_version, query.measure_version)
    rules = Rules.of(version)
    sheet = await _sheet(call, body, query.reading(), rules)
    spans = await call.bound.read(_spans, codes_of(sheet))
    checked = await asyncio.to_thread(CheckedFigures, sheet, rules, spans)
    reporter = await reporter_for(call, query.reporter, "?reporter")
    source = Source(version.id, reporter, query.provenance, query.reason)
    closed = await _refuse_closed(call, source, checked)
    file = CheckedFile.of(Kind.OBSERVATIONS, sheet, checked.faults, checked.repeated, source)
    return FiguresFile(file, source, checked.in_order(), closed)


async def _sheet(call: CallOf, body: bytes, how: Reading, rules: Rules) -> Sheet:
    """The file's sheet; what is unpacked or put together first is read in the CPU process."""
    if how.format is Format.CSV:
        return await asyncio.to_thread(read_file, body, how, rules)
    return await call.parts.cpu.run(read_file, body, how, rules, deadline=call.deadline)


def reporter_of(call: CallOf) -> str:
    """Whose figures a call reports: an organisation's where one sends them, and the movement's own otherwise."""
    return call.principal.organisation or call.movement


async def reporter_for(call: CallOf, named: str | None, pointer: str) -> str:
    """Whose figures a request names: its caller's, or those of a partner on whose behalf the movement enters them.

    Raises Invalid, at this pointer, where an organisation's key names another, and for one that the movement has not;
    NotHeardOfYet where word of it does not come.
    """
    if named is None or named == call.principal.organisation:
        return reporter_of(call)
    if call.principal.organisation is not None:
        raise Invalid(faults=[Fault(pointer, "is not the organisation whose key this is", "not_yours")])
    return await call.once_heard(lambda: call.read_by_key(answering_for, named, pointer))


async def _refuse_closed(call: CallOf, source: Source, checked: CheckedFigures) -> Collection[str]:
    """Make faults of figures that would change a period that stands still; those that say what is known may stay.

    Answers the first days of these periods.
    """
    closed = await call.read(submissions.closed, source.version, str(source.reporter))
    if not closed:
        return ()
    within = [figure for figure in checked.in_order() if figure.period.start.isoformat() in closed]
    for few in slices(within):
        for revision in (await call.read(domain.compare, source, few)).revisions:
            why = closed[revision.figure.period.start.isoformat()]
            checked.refuse(revision.figure, "period", why, "locked_period")
    return closed.keys()


def _spans(session: Session, codes: Collection[str]) -> Mapping[str, Span]:
    return {code: place.span for code, place in places.find(session, codes).items()}


async def _compare(call: CallOf, checked: FiguresFile) -> Counts:
    """What the import would do."""
    counts = checked.file.counts
    for few in slices(checked.figures):
        compared = await call.read(domain.compare, checked.source, few)
        counts = counts.plus(compared.new, compared.revised, compared.unchanged)
    return counts


async def _record(call: CallOf, checked: FiguresFile) -> Response:
    """Write the figures. What is left when this is interrupted, recovery undoes or finishes."""
    file, counts = checked.file, checked.file.counts
    movement, write = call.movement, call.bound.write
    await write(domain.begin_import, movement, file.id, checked.source, counts, checked.closed)
    await file.keep_faults(call)
    for few in slices(checked.figures):
        staged = await write(domain.stage_figures, movement, file.id, checked.source, few)
        counts = counts.plus(staged.new, staged.revised, staged.unchanged)
    await write(domain.reveal, movement, file.id, counts)
    while await write(domain.announce_some, movement, file.id):
        pass
    return await call.write(domain.complete_import, file.id, answer=ImportReport.of)
