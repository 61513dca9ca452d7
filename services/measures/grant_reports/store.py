"""Every SQL statement about reports that wait to be taken."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.grant_reports.models import WaitingReport


def find(session: Session, movement: str, report: str) -> WaitingReport | None:
    """The report, if it waits still."""
    return session.get(WaitingReport, (movement, report))


def waiting(session: Session, limit: int) -> Sequence[WaitingReport]:
    """Reports of all movements that wait, in the order of their ids."""
    return session.scalars(sa.select(WaitingReport).order_by(WaitingReport.report).limit(limit)).all()
