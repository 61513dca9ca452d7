"""Figures that are reported as they are known: checked, compared and written in one transaction, or refused whole.

`record` is the one way by which figures come in other than from a file: the API's, and that of whatever reckons figures
here, such as the results of a survey.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.disclosure.border import across_revisions
from services.measures.imports import store as imports
from services.measures.imports.models import Counts, Source
from services.measures.measures.domain import published_version
from services.measures.measures.models import MeasureVersion
from services.measures.observations import store, writing
from services.measures.observations.domain import Compared, ImportInProgress, beside
from services.measures.observations.models import Figure, Key, Observation
from services.measures.observations.reading import FigureReader, Rules, place_codes
from services.measures.observations.store import Seen, Wanted
from services.measures.observations.writing import Known, Revision
from services.measures.places import store as places
from services.measures.sheets import Cells
from services.measures.submissions import store as submissions
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.events.measures.figures import ObservationRecorded
from shared.ids import new_id


def _at_number(index: int) -> str:
    return f"/figures/{index}"


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one version and one reporter, as cells of text by their meanings (:data:`reading.MEANINGS`).

    `{"place": "E07000080", "period": "2024/25", "n": "30", "sum_x": "210", "sum_x2": "1530"}`: what is left out is
    empty. `pointer` says of the figure at an index where it stands in the request, for its faults.
    """

    source: Source
    figures: Sequence[Cells]
    pointer: Callable[[int], str] = _at_number


class Recorded(NamedTuple):
    """What came of a report: how its figures stood to what was known, and what says them now, in the order of keys.

    `id` is that of the report, where it brought anything, at that moment.
    """

    source: Source
    compared: Compared
    current: Sequence[Revision]
    id: str
    at: datetime


def record(session: Session, movement: str, report: Report) -> Recorded:
    """Record figures; one that differs from the one that is known becomes its next revision, for a reason.

    Raises Invalid with every fault (`unknown_version`, or of a figure: `unknown_place`, `out_of_range`,
    `contradicted`, `locked_period`, `reason_needed` …), NotPublished, and ImportInProgress while a file of the same
    figures is written.
    """
    version = _version(session, movement, report.source.version)
    figures = _read(session, version, report)
    writing.hold(session, movement, report.source)
    if imports.at_work(session, movement, report.source.version, report.source.reporter):
        raise ImportInProgress()
    in_order = sorted(figures, key=lambda figure: figure.key)
    known: dict[Key, Known] = {}
    for _, few in groupby(in_order, lambda figure: figure.place):  # each place's are near one another in the index
        keys = [figure.key for figure in few]
        known |= writing.known(session, movement, report.source, keys[0], keys[-1])
    compared = beside(in_order, known)
    if faults := _not_now(session, movement, report, compared, figures):
        raise Invalid(faults=faults)
    brought, at = new_id("imp"), clock.now()
    if compared.revisions:
        _write(session, movement, brought, report.source, compared, at)
    said = {revision.figure.key: revision for revision in compared.revisions}
    before = [(figure, known.get(figure.key)) for figure in in_order]
    current = [
        Revision(was.id, figure, was.revision) if was and figure.key not in said else said[figure.key]
        for figure, was in before
    ]
    return Recorded(report.source, compared, current, brought, at)


def record_one(session: Session, movement: str, report: Report) -> tuple[Seen, bool]:
    """Record a report of one figure; the revision that says it now, and whether it is a new one. Raises as `record`."""
    recorded = record(session, movement, report)
    (revision,), source = recorded.current, recorded.source
    if not recorded.compared.revisions:
        return read_observation(session, movement, revision.id), False
    written = Observation(**writing.row_of(movement, source, recorded.id, revision))
    return Seen(written, recorded.at, source.provenance, source.reason), True


def read_observation(session: Session, movement: str, observation: str) -> Seen:
    """One revision of a figure. Raises NotFound."""
    found = store.get(session, movement, observation)
    if found is None:
        raise NotFound("there is no such observation")
    return across_revisions(session, movement, [found])[0]


def list_observations(session: Session, movement: str, wanted: Wanted, after: str | None, limit: int) -> Sequence[Seen]:
    """A page of observations by id."""
    return across_revisions(session, movement, store.page(session, movement, wanted, after=after, limit=limit))


def list_revisions(session: Session, movement: str, observation: str, after: int, limit: int) -> Sequence[Seen]:
    """A page of what was ever known of the same key, by revision. Raises NotFound."""
    one = read_observation(session, movement, observation).observation
    return across_revisions(session, movement, store.revisions_of(session, movement, one, after=after, limit=limit))


def _version(session: Session, movement: str, version: str) -> MeasureVersion:
    try:
        return published_version(session, movement, version)
    except NotFound:
        fault = Fault("/measure_version", "is no version of a measure", "unknown_version")
        raise Invalid(faults=[fault]) from None


def _read(session: Session, version: MeasureVersion, report: Report) -> dict[Figure, int]:
    """The figures, each once, and the index of each."""
    found = places.find(session, place_codes(cells.get("place", "") for cells in report.figures))
    reader = FigureReader(Rules.of(version), {code: place.span for code, place in found.items()})
    faults: list[Fault] = []
    taken: dict[Key, tuple[int, Figure]] = {}
    for index, cells in enumerate(report.figures):
        figure = reader.read(cells)
        if not isinstance(figure, Figure):
            faults += (Fault(f"{report.pointer(index)}/{fault.meaning}", *fault[1:]) for fault in figure)
            continue
        first, known = taken.setdefault(figure.key, (index, figure))
        if known != figure:
            reason = f"says something else of what {report.pointer(first)} is about"
            faults.append(Fault(report.pointer(index), reason, "contradicted"))
    if faults:
        raise Invalid(faults=faults)
    return {figure: index for index, figure in taken.values()}


def _not_now(
    session: Session, movement: str, report: Report, compared: Compared, figures: dict[Figure, int]
) -> list[Fault]:
    """What changes what is known and may not: in a period that stands still, or without a reason."""
    closed = submissions.closed(session, movement, report.source.version, report.source.reporter)
    faults: list[Fault] = []
    for revision in sorted(compared.revisions, key=lambda revision: figures[revision.figure]):
        pointer = report.pointer(figures[revision.figure])
        if (why := closed.get(revision.figure.period.start.isoformat())) is not None:
            faults.append(Fault(f"{pointer}/period", why, "locked_period"))
        elif revision.number > 1 and report.source.reason is None:
            reason = "differs from the figure that is known: say in `reason` why it is corrected"
            faults.append(Fault(pointer or "/reason", reason, "reason_needed"))
    return faults


def _write(session: Session, movement: str, report: str, source: Source, compared: Compared, at: datetime) -> None:
    rows = compared.new + compared.revised + compared.unchanged
    counts = Counts(rows, compared.new, compared.revised, compared.unchanged)
    imports.insert_report(session, movement, report, source, counts, of(session).context.actor, at)
    writing.insert(session, movement, source, report, compared.revisions)
    for revision in compared.revisions:
        place, period = revision.figure.place, revision.figure.period.text
        event = ObservationRecorded(version=source.version, observation=revision.id, place=place, period=period)
        outbox.record(session, event)
