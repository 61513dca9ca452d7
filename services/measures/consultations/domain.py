"""The verbs of consultations: propose a version, ask partners, hear and answer them, take it back, withdraw it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.measures.consultations import store
from services.measures.consultations.models import Comment
from services.measures.consultations.schemas import NewComment
from services.measures.measures import domain as measures
from services.measures.measures.models import AlreadyPublished, MeasureVersion, VersionStatus
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from shared.events.measures.definitions import (
    ConsultationOpened,
    DefinitionCommentAnswered,
    DefinitionCommented,
    MeasureVersionProposed,
    MeasureVersionReturned,
    MeasureVersionWithdrawn,
)
from shared.ids import new_id
from shared.partners import answering as partners


class NotConsulting(Conflict):
    """The version is not consulted on, or not any more."""

    code, title = "not_consulting", "This version is not consulted on"


class SpeaksForAnother(Forbidden):
    """A caller that acts for an organisation speaks for that one alone."""

    code, title = "speaks_for_another", "You speak for another organisation"


def propose(session: Session, movement: str, measure: str, version: str) -> MeasureVersion:
    """Put a draft to the partners. Raises NotFound, NotYours, AlreadyPublished and IllegalTransition."""
    found = _moved(session, movement, measure, version, VersionStatus.PROPOSED)
    outbox.record(session, MeasureVersionProposed(measure=measure, version=version))
    return found


def consult(session: Session, movement: str, measure: str, version: str, until: date) -> MeasureVersion:
    """Ask the partners what they think of what was proposed, until and including a day.

    Raises NotFound, NotYours, AlreadyPublished, IllegalTransition and Invalid.
    """
    if until < partners.today(session, movement):
        raise Invalid(faults=[Fault("/until", "is past", "in_the_past")])
    found = _moved(session, movement, measure, version, VersionStatus.CONSULTING)
    found.consult_until = until.isoformat()
    outbox.record(session, ConsultationOpened(measure=measure, version=version, until=until))
    return found


def take_back(session: Session, movement: str, measure: str, version: str, reason: str) -> MeasureVersion:
    """Make a draft again of what was proposed or consulted on; what was said of it stays.

    Raises NotFound, NotYours, AlreadyPublished and IllegalTransition.
    """
    found = _moved(session, movement, measure, version, VersionStatus.DRAFT)
    found.reason, found.consult_until = reason, None
    outbox.record(session, MeasureVersionReturned(measure=measure, version=version))
    return found


def withdraw(session: Session, movement: str, measure: str, version: str, reason: str) -> MeasureVersion:
    """Give up a version that was never published. Raises NotFound, NotYours, AlreadyPublished, IllegalTransition."""
    found = _moved(session, movement, measure, version, VersionStatus.WITHDRAWN)
    found.reason, found.consult_until = reason, None
    outbox.record(session, MeasureVersionWithdrawn(measure=measure, version=version))
    return found


def comment(
    session: Session, movement: str, measure: str, version: str, said: NewComment, speaks_for: str | None
) -> Comment:
    """Say something of a version that is consulted on; `speaks_for` is the organisation that the caller acts for.

    Raises NotFound, NotConsulting, SpeaksForAnother and Invalid (`unknown_organisation`).
    """
    found = measures.held_version(session, movement, measure, version)
    if found.status != VersionStatus.CONSULTING:
        raise NotConsulting(state=found.status)
    if found.consult_until is not None and found.consult_until < partners.today(session, movement).isoformat():
        raise NotConsulting(f"partners could comment until {found.consult_until}", state=found.status)
    if speaks_for is not None and said.organisation not in (None, speaks_for):
        raise SpeaksForAnother()
    fault = partners.fault_of(session, movement, said.organisation, "/organisation")
    if fault is not None and speaks_for is None:
        raise Invalid(faults=[fault])
    now = clock.now()
    made = Comment(
        movement=movement, id=new_id("comment"), measure_version=version, actor=of(session).context.actor,
        organisation=speaks_for or said.organisation, said=said.said, answer=None, taken_up=None, version=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, made)
    outbox.record(session, DefinitionCommented(comment=made.id, version=version, organisation=made.organisation))
    return made


def answer(
    session: Session, movement: str, measure: str, version: str, comment: str, words: str, taken_up: bool
) -> Comment:
    """Say what becomes of a comment. Raises NotFound and AnsweredAlready."""
    measures.read_version(session, movement, measure, version)
    found = store.find(session, movement, version, comment)
    if found is None:
        raise NotFound("there is no such comment on this version")
    found.give(words, taken_up, clock.now())
    outbox.record(session, DefinitionCommentAnswered(comment=found.id, version=version, taken_up=taken_up))
    return found


def list_comments(
    session: Session, movement: str, measure: str, version: str, after: str, limit: int
) -> Sequence[Comment]:
    """A page of what was said of a version, as it came. Raises NotFound."""
    measures.read_version(session, movement, measure, version)
    return store.page(session, movement, version, after=after, limit=limit)


def _moved(session: Session, movement: str, measure: str, version: str, to: VersionStatus) -> MeasureVersion:
    found = measures.held_version(session, movement, measure, version)
    if found.status == VersionStatus.PUBLISHED:
        raise AlreadyPublished()
    found.move(to, clock.now())
    return found
