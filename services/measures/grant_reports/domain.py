"""Taking an accepted report: each figure by itself, with all that is asked of figures; then its story, as a draft.

Every step may be done twice: the same figure again changes nothing, and a story is taken once by its reference.
"""

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy.orm import Session

from services.measures.grant_reports import store
from services.measures.grant_reports.models import WaitingReport
from services.measures.imports.models import Source
from services.measures.observations.domain import ImportInProgress
from services.measures.observations.reporting import Report, record
from services.measures.stories import domain as stories
from services.measures.stories.asking import Permitting
from services.measures.stories.models import How, Origin, Reach, ToldAlready
from services.measures.stories.schemas import Agreement, NewStory
from shared import clock, outbox
from shared.errors import AppError, Invalid
from shared.events.base import Received
from shared.events.measures.figures import GrantFigureRefused, GrantReportTaken

REASON = "reported in a grant report"


class Figure(msgspec.Struct):
    """A figure of a report: of which version of a measure, and what it says by its meanings."""

    measure_version: str
    cells: dict[str, str]


class Told(msgspec.Struct):
    """How far a story may be told, and how whoever tells it agreed."""

    title: str
    reach: Reach
    how: How
    on: date
    credit: str | None


class Accepted(msgspec.Struct):
    """An accepted report, as grants tells it."""

    award: str
    changed_for_people: str | None
    figures: Sequence[Figure]
    story: Told | None


class Refused(msgspec.Struct, frozen=True):
    """The place of a figure that was refused in its report, counted from 0, and the code of what is wrong with it."""

    figure: int
    code: str


def note(session: Session, received: Received, report: str, award: str) -> None:
    """Keep an accepted report until it is taken. Told a second time before that, it changes nothing."""
    if store.find(session, received.movement, report) is None:
        waits = WaitingReport(
            movement=received.movement,
            report=report,
            award=award,
            causation=received.id,
            traceparent=received.traceparent,
            accepted_at=clock.now(),
        )
        session.add(waits)


def take_figure(session: Session, movement: str, report: str, award: str, figure: Figure) -> None:
    """Record a figure of a report as the movement's own. Its activity is the award, so no two awards' are confused.

    Raises Invalid and the other refusals of `record`.
    """
    source = Source(figure.measure_version, movement, f"Report {report} of {award}", REASON)
    record(session, movement, Report(source, [{**figure.cells, "activity": award}]))


def tell_story(session: Session, movement: str, report: str, accepted: Accepted) -> None:
    """Keep what changed for people as the draft of a story, as far as the group agreed. Taken already, it is left."""
    told, words = accepted.story, accepted.changed_for_people
    if told is None or words is None:
        return
    said = NewStory(
        title=told.title,
        words=words,
        credit=told.credit,
        told_on=told.on,
        origin=Origin.GRANT_REPORT,
        reference=report,
        agreement=Agreement(reach=told.reach, how=told.how, on=told.on),
    )
    try:
        stories.tell(session, movement, said, Permitting(frozenset(), frozenset()))
    except ToldAlready:
        return


def finish(session: Session, movement: str, report: str, taken: int, refused: Sequence[Refused]) -> None:
    """Tell grants what became of a report that waits still, and let it wait no longer."""
    waits = store.find(session, movement, report)
    if waits is None:
        return
    for each in refused:
        outbox.record(session, GrantFigureRefused(report=report, figure=each.figure, code=each.code))
    outbox.record(session, GrantReportTaken(report=report, taken=taken, refused=len(refused)))
    session.delete(waits)


def code_of(error: AppError) -> str:
    """The code of what is wrong with a figure: that of its first fault. What may pass by itself is raised again."""
    if isinstance(error, ImportInProgress) or error.status >= 500:
        raise error
    if isinstance(error, Invalid) and error.faults:
        return error.faults[0].code or error.code
    return error.code
