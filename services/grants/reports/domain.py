"""What is done with reports: asked for, written, submitted, then accepted, queried or waived; and photographs.

When one is accepted, its figures and its story are for the measures service to take: it is told that there are some,
fetches them, and tells what became of each figure.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from services.grants.awards import domain as awards
from services.grants.days import today
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.measures import store as measures
from services.grants.reports import store
from services.grants.reports.models import Counted, GrantReport, ReportFigure, ReportPhoto, ReportState
from services.grants.reports.photos import media_type_of
from services.grants.reports.schemas import ReportChanges, Whole
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.auth import Principal
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.reports import (
    GrantReportAccepted,
    GrantReportDue,
    GrantReportOverdue,
    GrantReportQueried,
    GrantReportSubmitted,
    GrantReportWaived,
)
from shared.ids import new_id

_QUESTIONS = ("happened", "took_part", "changed_for_people")


def ask_for(session: Session, movement: str, award_id: str, due_on: date) -> Whole:
    """Ask the group of an award for a report by a day. Raises Invalid (`unknown_award`)."""
    try:
        awards.get_award(session, movement, award_id)
    except NotFound:
        raise Invalid(faults=[Fault("/award", "there is no such award", "unknown_award")]) from None
    at = clock.now()
    report = GrantReport(
        movement=movement,
        id=new_id("grantreport"),
        award_id=award_id,
        due_on=due_on,
        state=ReportState.DUE,
        created_at=at,
        updated_at=at,
        version=1,
    )
    session.add(report)
    outbox.record(session, GrantReportDue(report=report.id, award=award_id))
    return Whole(report, (), has_photo=False)


def ask_for_another(session: Session, movement: str, principal: Principal, award_id: str, due_on: date) -> Whole:
    """The same for a caller, who must be able to administer the fund. Raises NotDelegated."""
    asked = ask_for(session, movement, award_id, due_on)
    _authorise(session, principal, asked.report)
    return asked


def get_report(session: Session, movement: str, report_id: str) -> Whole:
    """The report as it stands, or NotFound."""
    return whole(session, movement, [_present(store.find(session, movement, report_id))])[0]


def whole(session: Session, movement: str, reports: Sequence[GrantReport]) -> list[Whole]:
    """Reports with their figures, and whether each has a photograph."""
    ids = [report.id for report in reports]
    figures, pictured = store.figures_of(session, movement, ids), store.with_photo(session, movement, ids)
    return [
        Whole(report, [each for each in figures if each.report_id == report.id], report.id in pictured)
        for report in reports
    ]


def list_reports(
    session: Session,
    movement: str,
    *,
    award_id: str | None,
    state: ReportState | None,
    overdue: bool,
    updated_since: datetime | None,
    after: str,
    limit: int,
) -> list[Whole]:
    """Reports in the order of their making; only those that are overdue today, where that is asked."""
    found = store.list_reports(
        session,
        movement,
        award_id=award_id,
        state=state,
        overdue_on=today(session, movement) if overdue else None,
        updated_since=updated_since,
        after=after,
        limit=limit,
    )
    return whole(session, movement, found)


def write_report(
    session: Session, movement: str, report_id: str, changes: ReportChanges, expected: int | None
) -> Whole:
    """Change what a report says, until it is submitted. Raises ReportFrozen, PreconditionFailed and Invalid."""
    report = _held(session, movement, report_id)
    hold_to(report.version, expected)
    report.write(clock.now())
    changes.apply(report, "due_on", *_QUESTIONS)
    if "story" in changes.model_fields_set:
        report.story = None if changes.story is None else changes.story.stored()
    if changes.figures is not None:
        counted = store.measures_of(session, movement, report.award_id)
        wrong = [at for at, said in enumerate(changes.figures) if said.measure_version not in counted]
        if wrong:
            reason = "is no measure of this award"
            raise Invalid(faults=[Fault(f"/figures/{at}/measure_version", reason, "not_of_the_award") for at in wrong])
        figures = [
            ReportFigure(
                movement=movement,
                report_id=report_id,
                number=number,
                measure_version=said.measure_version,
                cells=said.cells(),
            )
            for number, said in enumerate(changes.figures)
        ]
        store.put_figures(session, movement, report_id, figures)
    session.flush()
    return get_report(session, movement, report_id)


def submit_report(session: Session, movement: str, report_id: str) -> Whole:
    """The group has said what it has to say: three answers, or a photograph. Raises Invalid for what is missing."""
    report = _held(session, movement, report_id)
    report.submit(clock.now())
    found = get_report(session, movement, report_id)
    faults = [] if found.has_photo else [name for name in _QUESTIONS if getattr(report, name) is None]
    if report.story is not None and report.changed_for_people is None and "changed_for_people" not in faults:
        faults.append("changed_for_people")  # those words are what is told as a story
    if faults:
        reason = "say it in a few words, or send a photograph"
        raise Invalid(faults=[Fault(f"/{name}", reason, "missing") for name in faults])
    outbox.record(session, GrantReportSubmitted(report=report_id, award=report.award_id))
    return found


def accept_report(session: Session, movement: str, principal: Principal, report_id: str) -> Whole:
    """It says what was asked: its figures and its story are taken by the measures service."""
    report = _held(session, movement, report_id)
    _authorise(session, principal, report)
    report.accept(clock.now())
    found = get_report(session, movement, report_id)
    accepted = GrantReportAccepted(
        report=report_id, award=report.award_id, figures=len(found.figures), story=report.story is not None
    )
    outbox.record(session, accepted)
    return found


def query_report(session: Session, movement: str, principal: Principal, report_id: str, question: str) -> Whole:
    """Ask the group about its report, which it may change until it submits it again."""
    report = _held(session, movement, report_id)
    _authorise(session, principal, report)
    report.query(question, clock.now())
    outbox.record(session, GrantReportQueried(report=report_id, award=report.award_id))
    return get_report(session, movement, report_id)


def waive_report(session: Session, movement: str, principal: Principal, report_id: str, because: str) -> Whole:
    """Ask for it no longer, for a reason."""
    report = _held(session, movement, report_id)
    _authorise(session, principal, report)
    report.waive(because, clock.now())
    outbox.record(session, GrantReportWaived(report=report_id, award=report.award_id))
    return get_report(session, movement, report_id)


def put_photo(session: Session, movement: str, report_id: str, picture: bytes, largest: int) -> Whole:
    """Have a report with this photograph, in place of the one that it has. Raises Invalid, PayloadTooLarge."""
    report = _held(session, movement, report_id)
    media_type = media_type_of(picture, largest)
    report.write(clock.now())
    session.merge(
        ReportPhoto(
            movement=movement, report_id=report_id, media_type=media_type, picture=picture, added_at=clock.now()
        )
    )
    session.flush()
    return get_report(session, movement, report_id)


def remove_photo(session: Session, movement: str, report_id: str) -> Whole:
    """Have a report without its photograph, whatever state it is in: somebody in it may say stop at any time."""
    report = _held(session, movement, report_id)
    store.delete_photo(session, movement, report_id)
    report.changed(clock.now())
    return get_report(session, movement, report_id)


def get_photo(session: Session, movement: str, report_id: str) -> tuple[str, bytes]:
    """The photograph of a report: its media type, and the picture. Raises NotFound."""
    found = store.photo(session, movement, report_id)
    if found is None:
        raise NotFound("there is no such photograph")
    return found.media_type, found.picture


def measures_of(session: Session, movement: str, award_id: str) -> Counted:
    """The versions of measures that the reports of an award have figures of. Raises NotFound."""
    return Counted(awards.get_award(session, movement, award_id), store.measures_of(session, movement, award_id))


def set_measures(
    session: Session, movement: str, award_id: str, versions: Sequence[str], expected: int | None
) -> Counted:
    """Have the reports of an award have figures of these. Those that were reported before stay.

    Raises NotFound, PreconditionFailed, and Invalid naming each version that was never published in the movement.
    """
    award = awards.for_change(session, movement, award_id)
    hold_to(award.version, expected)
    known = measures.known(session, movement, versions) | set(store.measures_of(session, movement, award_id))
    reason = "is no version that was published, or taken out of the commons, in this movement"
    strange = [number for number, version in enumerate(versions) if version not in known]
    if strange:
        raise Invalid(faults=[Fault(f"/measures/{at}", reason, "unknown_measure_version") for at in strange])
    store.put_measures(session, movement, award_id, set(versions))
    award.changed(clock.now())
    session.flush()
    return measures_of(session, movement, award_id)


def ask_once(session: Session, movement: str, award_id: str, due: Callable[[date, date | None], date]) -> None:
    """Ask for the report of an award, unless one is asked for already; ``due`` says until when, from today and its end.

    The award is held meanwhile, so of two who ask the second finds what the first asked.
    """
    award = awards.for_change(session, movement, award_id)
    if not store.has_report(session, movement, award_id):
        ask_for(session, movement, award_id, due(today(session, movement), award.ends_on))


def call_overdue(session: Session, movement: str, limit: int) -> int:
    """Tell of some reports that they are overdue in the movement's day; how many. Each is told of once."""
    found = store.overdue(session, movement, today(session, movement), limit)
    for report in found:
        report.overdue_since = clock.now()
        outbox.record(session, GrantReportOverdue(report=report.id, award=report.award_id))
    return len(found)


def _authorise(session: Session, principal: Principal, report: GrantReport) -> None:
    award = awards.get_award(session, report.movement, report.award_id)
    fund = rounds.fund_of(session, report.movement, award.round_id)
    delegations.authorise(session, report.movement, principal, fund, Power.ADMINISTER)


def _held(session: Session, movement: str, report_id: str) -> GrantReport:
    return _present(store.for_change(session, movement, report_id))


def _present(found: GrantReport | None) -> GrantReport:
    if found is None:
        raise NotFound("there is no such report")
    return found
