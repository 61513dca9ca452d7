"""Every statement by which what tells of people goes out of the records of awards that were kept long enough."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.agreements.models import Agreement, Signatory
from services.grants.applications.documents.models import Document
from services.grants.applications.models import Application, ApplicationContact, ApplicationState
from services.grants.applications.questions.models import Question
from services.grants.awards.models import Award
from services.grants.payees import store as payees
from services.grants.payees.models import Account, Payee
from services.grants.reports.models import GrantReport, ReportPhoto
from services.grants.support.models import SupportContact, SupportNote
from shared import clock

_AT_ONCE = 200


def movements(session: Session, before: datetime) -> Sequence[str]:
    """The movements that have awards which ended before then."""
    return session.scalars(sa.select(Award.movement).where(Award.ended_at < before).distinct()).all()


def forget(session: Session, movement: str, before: datetime) -> int:
    """Take whom to reach, what they wrote and sent, who signed and into whose account it was paid out of the records
    of awards that all ended before then. Answers of how many applications: fewer than are taken at once means no more.
    """
    still = sa.exists().where(
        Award.movement == Application.movement,
        Award.application_id == Application.id,
        sa.or_(Award.ended_at.is_(None), Award.ended_at >= before),
    )
    query = sa.select(Application.id).where(
        Application.movement == movement,
        Application.state == ApplicationState.AWARDED,
        Application.forgotten_at.is_(None),
        ~still,
    )
    found = session.scalars(query.limit(_AT_ONCE)).all()
    if found:
        _forget_applications(session, movement, found)
        here = (Award.movement == movement, Award.application_id.in_(found))
        _forget_awards(session, movement, session.scalars(sa.select(Award.id).where(*here)).all())
    return len(found)


def _forget_applications(session: Session, movement: str, found: Sequence[str]) -> None:
    """What was asked for, by which group, where and how much stays."""
    for table, application in (
        (ApplicationContact, ApplicationContact.application),
        (Question, Question.application_id),
        (Document, Document.application),
    ):
        session.execute(sa.delete(table).where(table.movement == movement, application.in_(found)))
    beside = sa.select(SupportContact.id).where(
        SupportContact.movement == movement, SupportContact.application_id.in_(found)
    )
    session.execute(sa.delete(SupportNote).where(SupportNote.movement == movement, SupportNote.contact_id.in_(beside)))
    words: dict[str, object] = {"summary": "", "answers": {}, "digest": None, "taken_by": None, "taken_at": None}
    theirs = (Application.movement == movement, Application.id.in_(found))
    session.execute(sa.update(Application).where(*theirs).values(**words, forgotten_at=clock.now()))


def _forget_awards(session: Session, movement: str, awards: Sequence[str]) -> None:
    """Amounts, days, digests and the last digits of accounts stay."""
    agreements = sa.select(Agreement.id).where(Agreement.movement == movement, Agreement.award_id.in_(awards))
    signed = (Signatory.movement == movement, Signatory.agreement_id.in_(agreements))
    session.execute(sa.delete(Signatory).where(*signed))
    theirs = sa.select(Payee.id).where(Payee.movement == movement, Payee.award_id.in_(awards))
    accounts = sa.select(Account.id).where(Account.movement == movement, Account.payee_id.in_(theirs))
    payees.delete_details(session, movement, session.scalars(accounts).all())
    reports = session.scalars(
        sa.select(GrantReport.id).where(GrantReport.movement == movement, GrantReport.award_id.in_(awards))
    ).all()
    session.execute(sa.delete(ReportPhoto).where(ReportPhoto.movement == movement, ReportPhoto.report_id.in_(reports)))
    words = dict.fromkeys(("happened", "took_part", "changed_for_people", "story", "question"))
    told = (GrantReport.movement == movement, GrantReport.id.in_(reports))
    session.execute(sa.update(GrantReport).where(*told).values(**words))
