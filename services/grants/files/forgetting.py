"""Erasing somebody who stands in a sealed file: nobody is taken out of a file, so the file goes.

One that says who they are goes. One that cannot be read, or not all of it, such as a picture or a scan, goes where
what was written beside it speaks of them: the application that it came with, the report that it is the photograph of.
An event tells that it went, so that whoever relied on it can ask for another.
"""

from collections.abc import Set
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.documents import domain as documents
from services.grants.applications.documents import store as document_store
from services.grants.applications.questions.models import Question
from services.grants.awards.models import Award
from services.grants.base import Base
from services.grants.files.reading import NOTHING, Said, said_in
from services.grants.reports import store as reports
from services.grants.reports.models import GrantReport, ReportPhoto
from shared import clock, outbox
from shared.erasure.counting import Counted
from shared.erasure.marks import Finder, Marks
from shared.erasure.sweep import speaking_of, texts
from shared.errors import DeadlinePassed
from shared.events.grants.applications import ApplicationFileErased
from shared.events.grants.reports import GrantReportPhotoErased
from shared.parts import Parts

_AT_A_TIME = 100
_SECONDS_A_FILE = 60
_BESIDE = ("applications", "application_drafts", "application_contacts", "application_questions", "grant_reports")
_OF_APPLICATION = {"applications": "id", "application_drafts": "id", "application_contacts": "application"}


class _Spoken(NamedTuple):
    """What speaks of somebody: applications and drafts by their ids, and reports that have a photograph."""

    applications: Set[str]
    reports: Set[str]


async def forget_files(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Delete the files that speak of somebody, or that may and stand beside words that do."""
    finder, after = Finder(marks), ""
    spoken = await db.read(_spoken, movement, finder)
    while some := await db.read(document_store.after, movement, after, _AT_A_TIME):
        for document in some:
            content = await db.read(documents.content_of, document, parts.secrets)
            said = NOTHING if content is None else await _read(parts, content, document.media_type)
            named = finder.without(said.words) != said.words
            if named or (not said.whole and document.application in spoken.applications):
                await db.erase(_drop_document, movement, document.application, document.id)
        after = some[-1].id
    for report in sorted(spoken.reports):
        await db.erase(_drop_photo, movement, report)


async def _read(parts: Parts, content: bytes, media_type: str) -> Said:
    """What a file says; nothing where it takes too long to read."""
    try:
        return await parts.cpu.run(said_in, content, media_type, deadline=clock.timestamp() + _SECONDS_A_FILE)
    except DeadlinePassed:
        return NOTHING


def _spoken(session: Session, movement: str, finder: Finder) -> _Spoken:
    keys = {
        of.table.name: speaking_of(session, movement, of, finder)
        for of in texts(Base.metadata)
        if of.table.name in _BESIDE
    }
    applications = {str(key[name]) for table, name in _OF_APPLICATION.items() for key in keys.get(table, [])}
    questions = [key["id"] for key in keys.get("application_questions", [])]
    asked = sa.select(Question.application_id).where(Question.movement == movement, Question.id.in_(questions))
    applications |= set(session.scalars(asked))
    in_words = [key["id"] for key in keys.get("grant_reports", [])]
    pictured = (
        sa.select(ReportPhoto.report_id)
        .join(GrantReport, (GrantReport.movement == ReportPhoto.movement) & (GrantReport.id == ReportPhoto.report_id))
        .join(Award, (Award.movement == GrantReport.movement) & (Award.id == GrantReport.award_id))
        .where(
            ReportPhoto.movement == movement,
            sa.or_(GrantReport.id.in_(in_words), Award.application_id.in_(applications)),
        )
    )
    return _Spoken(applications, set(session.scalars(pictured)))


def _drop_document(session: Session, movement: str, application: str, document: str) -> int:
    dropped = document_store.drop(session, movement, document)
    if dropped:
        outbox.record(session, ApplicationFileErased(application=application, document=document))
    return dropped


def _drop_photo(session: Session, movement: str, report_id: str) -> int:
    report = reports.for_change(session, movement, report_id)
    if report is None or not reports.with_photo(session, movement, [report_id]):
        return 0
    reports.delete_photo(session, movement, report_id)
    report.changed(clock.now())
    outbox.record(session, GrantReportPhotoErased(report=report_id, award=report.award_id))
    return 1
