"""What is asked of groups while their applications are weighed, and answered."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.applications.bank_details import has_bank_details
from services.grants.applications.domain import for_change, get_application
from services.grants.applications.models import ApplicationState
from services.grants.applications.questions import store
from services.grants.applications.questions.models import Question
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.applications import InformationGiven, InformationRequested
from shared.ids import new_id


def ask(session: Session, movement: str, application_id: str, question: str, by: str) -> Question:
    """Ask the group something. While it has not answered, its application is not weighed on."""
    application = for_change(session, movement, application_id)
    if application.state != ApplicationState.INFORMATION_REQUESTED:
        application.request_information()
    now = clock.now()
    application.updated_at = now
    asked = Question(
        movement=movement,
        id=new_id("question"),
        application_id=application_id,
        question=question,
        asked_by=by,
        asked_at=now,
    )
    session.add(asked)
    outbox.record(session, InformationRequested(application=application_id, question=asked.id))
    return asked


def answer(session: Session, movement: str, application_id: str, question_id: str, said: str) -> Question:
    """Keep what the group answers; with the last answer its application is weighed on."""
    if has_bank_details(said):
        reason = "holds bank details: leave them out, whoever is paid is asked for them apart"
        raise Invalid(faults=[Fault("/answer", reason, "bank_details")])
    application = for_change(session, movement, application_id)
    asked = store.find(session, movement, application_id, question_id)
    if asked is None:
        raise NotFound("there is no such question about this application")
    now = clock.now()
    asked.answered(said, now)
    session.flush()
    application.updated_at = now
    waits = application.state == ApplicationState.INFORMATION_REQUESTED
    if waits and not store.unanswered(session, movement, application_id):
        application.assess()
    outbox.record(session, InformationGiven(application=application_id, question=asked.id))
    return asked


def list_questions(
    session: Session, movement: str, application_id: str, *, after: str, limit: int
) -> Sequence[Question]:
    """What was asked about an application. Raises NotFound."""
    get_application(session, movement, application_id)
    return store.list_questions(session, movement, application_id, after=after, limit=limit)
