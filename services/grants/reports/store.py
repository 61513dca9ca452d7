"""Every SQL statement about reports."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.awards.models import Award, AwardState
from services.grants.base import listed, locked
from services.grants.reports.models import (
    WRITTEN,
    AwardMeasure,
    FigureOutcome,
    GrantReport,
    ReportFigure,
    ReportPhoto,
    ReportState,
)


def find(session: Session, movement: str, report_id: str) -> GrantReport | None:
    """The report."""
    return session.get(GrantReport, (movement, report_id))


def for_change(session: Session, movement: str, report_id: str) -> GrantReport | None:
    """The report as it is now, locked until the transaction ends."""
    return locked(session, sa.select(GrantReport).where(GrantReport.movement == movement, GrantReport.id == report_id))


def list_reports(
    session: Session,
    movement: str,
    *,
    award_id: str | None,
    state: ReportState | None,
    overdue_on: date | None,
    updated_since: datetime | None,
    after: str,
    limit: int,
) -> Sequence[GrantReport]:
    """Reports in the order of their making; those that were due before ``overdue_on`` and are not submitted."""
    query = listed(GrantReport, movement, after=after, limit=limit, since=updated_since, award_id=award_id, state=state)
    if overdue_on is not None:
        query = query.where(GrantReport.state.in_(WRITTEN), GrantReport.due_on < overdue_on)
    return session.scalars(query).all()


def figures_of(session: Session, movement: str, reports: Collection[str]) -> Sequence[ReportFigure]:
    """The figures of these reports, in their order."""
    query = sa.select(ReportFigure).where(ReportFigure.movement == movement, ReportFigure.report_id.in_(reports))
    return session.scalars(query.order_by(ReportFigure.report_id, ReportFigure.number)).all()


def put_figures(session: Session, movement: str, report_id: str, figures: Sequence[ReportFigure]) -> None:
    """Have a report say these figures in place of those that it said."""
    here = (ReportFigure.movement == movement, ReportFigure.report_id == report_id)
    session.execute(sa.delete(ReportFigure).where(*here))
    session.add_all(figures)


def note_outcome(
    session: Session, movement: str, report_id: str, outcome: FigureOutcome, number: int | None, fault: str | None
) -> None:
    """Note what became of one figure of a report, or of all of which nothing else is known."""
    here = [ReportFigure.movement == movement, ReportFigure.report_id == report_id]
    here.append(ReportFigure.outcome.is_(None) if number is None else ReportFigure.number == number)
    session.execute(sa.update(ReportFigure).where(*here).values(outcome=outcome, fault=fault))


def photo(session: Session, movement: str, report_id: str) -> ReportPhoto | None:
    """The photograph of a report."""
    return session.get(ReportPhoto, (movement, report_id))


def with_photo(session: Session, movement: str, reports: Collection[str]) -> set[str]:
    """Those of these reports that have a photograph."""
    query = sa.select(ReportPhoto.report_id).where(ReportPhoto.movement == movement, ReportPhoto.report_id.in_(reports))
    return set(session.scalars(query))


def delete_photo(session: Session, movement: str, report_id: str) -> None:
    """Have a report without its photograph."""
    session.execute(sa.delete(ReportPhoto).where(ReportPhoto.movement == movement, ReportPhoto.report_id == report_id))


def measures_of(session: Session, movement: str, award_id: str) -> Sequence[str]:
    """The versions of measures that an award counts, in the order of their ids."""
    query = sa.select(AwardMeasure.measure_version).where(
        AwardMeasure.movement == movement, AwardMeasure.award_id == award_id
    )
    return session.scalars(query.order_by(AwardMeasure.measure_version)).all()


def put_measures(session: Session, movement: str, award_id: str, versions: Collection[str]) -> None:
    """Have an award count these in place of those that it counts."""
    session.execute(sa.delete(AwardMeasure).where(AwardMeasure.movement == movement, AwardMeasure.award_id == award_id))
    session.add_all(AwardMeasure(movement=movement, award_id=award_id, measure_version=each) for each in versions)


def awards_without(session: Session, limit: int) -> Sequence[tuple[str, str]]:
    """Awards of all movements of which money went out and no report is asked for: movement and id."""
    asked = sa.select(GrantReport.id).where(GrantReport.movement == Award.movement, GrantReport.award_id == Award.id)
    query = sa.select(Award.movement, Award.id).where(Award.state == AwardState.ACTIVE, ~asked.exists())
    return [(movement, award) for movement, award in session.execute(query.order_by(Award.id).limit(limit))]


def has_report(session: Session, movement: str, award_id: str) -> bool:
    """Whether a report of the award is asked for."""
    query = sa.select(GrantReport.id).where(GrantReport.movement == movement, GrantReport.award_id == award_id)
    return session.scalar(query.limit(1)) is not None


def movements_with_overdue(session: Session, today_somewhere: date) -> Sequence[str]:
    """The movements that may have a report which was due before this day, and of which that was not told yet."""
    return session.scalars(sa.select(GrantReport.movement).where(*_overdue(today_somewhere)).distinct()).all()


def overdue(session: Session, movement: str, today: date, limit: int) -> Sequence[GrantReport]:
    """Such reports of a movement, locked until the transaction ends."""
    query = sa.select(GrantReport).where(GrantReport.movement == movement, *_overdue(today))
    return session.scalars(query.order_by(GrantReport.due_on).limit(limit).with_for_update(skip_locked=True)).all()


def _overdue(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return GrantReport.overdue_since.is_(None), GrantReport.due_on < today, GrantReport.state.in_(WRITTEN)
