"""The verbs of assessments: drafted, changed, completed with evidence and an assessor, and withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from services.measures.assessments import checking, schemas, store
from services.measures.assessments.models import Assessment, Finding, Shown, State, stories_in
from services.measures.assessments.schemas import AssessmentChanges, NewAssessment
from services.measures.assessments.store import Chosen
from services.measures.frameworks import domain as frameworks
from services.measures.stories import store as stories
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.measures.frameworks import AssessmentCompleted, AssessmentWithdrawn
from shared.ids import new_id
from shared.partners import answering as partners


def draft(session: Session, movement: str, said: NewAssessment) -> Shown:
    """Begin an assessment by the newest version of a framework. Raises Invalid."""
    at = clock.now()
    framework = checking.framework_to_judge_by(session, movement, said.framework)
    frameworks.take_over(session, movement, said.framework)
    assessment = Assessment(
        movement=movement, id=new_id("assessment"), version=1, framework=framework.key,
        framework_version=framework.version, place=said.place, programme=said.programme,
        organisation=said.organisation, stage=said.stage, assessed_on=said.assessed_on.isoformat(),
        assessor=said.assessor, standing=said.standing.value, summary=said.summary, state=State.DRAFT.value,
        withdrawn_because=None, actor=of(session).context.actor, created_at=at, updated_at=at,
    )  # fmt: skip
    _refuse(checking.faults(session, assessment, framework.content, said.findings))
    session.add(assessment)
    session.flush()
    _find(session, assessment, said.findings)
    return _shown(session, movement, assessment)


def change(session: Session, movement: str, id: str, said: AssessmentChanges, expected: int | None) -> Shown:
    """Change a draft. Raises NotFound, PreconditionFailed, NotADraft and Invalid."""
    assessment = _held(session, movement, id)
    hold_to(assessment.version, expected)
    assessment.refuse_unless_draft()
    said.apply(assessment, "place", "programme", "organisation", "stage", "assessor", "standing", "summary")
    if said.assessed_on is not None:
        assessment.assessed_on = said.assessed_on.isoformat()
    content = frameworks.read(session, movement, assessment.framework, assessment.framework_version).content
    _refuse(checking.faults(session, assessment, content, said.findings or ()))
    if said.findings is not None:
        _find(session, assessment, said.findings)
    assessment.changed(clock.now())
    return _shown(session, movement, assessment)


def complete(session: Session, movement: str, id: str, expected: int | None) -> Shown:
    """Have an assessment stand: it has an assessor, and each judgement its evidence; it does not change any more.

    Raises NotFound, PreconditionFailed, IllegalTransition and Invalid.
    """
    assessment = _held(session, movement, id)
    hold_to(assessment.version, expected)
    assessment.step(State.COMPLETE, clock.now())
    found = store.findings(session, movement, [id])[id]
    told = stories.standing(session, movement, stories_in(found.values()))
    _refuse(checking.wanting(assessment, found, told))
    judged = sum(each.level is not None for each in found.values())
    outbox.record(session, AssessmentCompleted(assessment=id, framework=assessment.framework, judged=judged))
    return _shown(session, movement, assessment)


def withdraw(session: Session, movement: str, id: str, because: str, expected: int | None) -> Shown:
    """Say that an assessment does not stand. It stays to be read.

    Raises NotFound, PreconditionFailed and IllegalTransition.
    """
    assessment = _held(session, movement, id)
    hold_to(assessment.version, expected)
    assessment.step(State.WITHDRAWN, clock.now())
    assessment.withdrawn_because = because
    outbox.record(session, AssessmentWithdrawn(assessment=id, framework=assessment.framework))
    return _shown(session, movement, assessment)


def read(session: Session, movement: str, id: str) -> Shown:
    """One assessment. Raises NotFound."""
    return _shown(session, movement, _found(store.get(session, movement, id)))


def list_assessments(
    session: Session, movement: str, *, chosen: Chosen, organisation: str | None, after: str, limit: int
) -> Sequence[Shown]:
    """Assessments in the order in which they were made; of an organisation by any id that it ever had."""
    rows = store.page(
        session, movement, chosen=of_one(session, movement, chosen, organisation), after=after, limit=limit
    )
    found = store.findings(session, movement, [row.id for row in rows])
    return [_shown(session, movement, row, found[row.id]) for row in rows]


def of_one(session: Session, movement: str, chosen: Chosen, organisation: str | None) -> Chosen:
    """What is chosen, of one organisation by any id that it ever had; None is any."""
    if organisation is None:
        return chosen
    return replace(chosen, organisations=partners.every_id(session, movement, organisation))


def _find(session: Session, assessment: Assessment, said: Sequence[schemas.Finding]) -> None:
    rows = [
        Finding(
            movement=assessment.movement, assessment=assessment.id, element=each.element, level=each.level,
            note=each.note, evidence=[evidence.model_dump(mode="json") for evidence in each.evidence],
        )
        for each in said
    ]  # fmt: skip
    store.put_findings(session, assessment.movement, assessment.id, rows)


def _shown(
    session: Session, movement: str, assessment: Assessment, findings: Mapping[str, Finding] | None = None
) -> Shown:
    version = frameworks.read(session, movement, assessment.framework, assessment.framework_version)
    if findings is None:
        findings = store.findings(session, movement, [assessment.id])[assessment.id]
    organisation = assessment.organisation
    present = None if organisation is None else partners.present_ids(session, movement)(organisation)
    told = stories.standing(session, movement, stories_in(findings.values()))
    return Shown(assessment, version.content.elements, findings, present, told)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(faults=faults)


def _held(session: Session, movement: str, id: str) -> Assessment:
    return _found(store.lock(session, movement, id))


def _found(assessment: Assessment | None) -> Assessment:
    if assessment is None:
        raise NotFound("there is no such assessment")
    return assessment
