"""What is wrong with an assessment: as a draft, where it names what is not there; and what it lacks to stand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.measures.assessments import schemas
from services.measures.assessments.models import Assessment, Finding, stands
from services.measures.frameworks import domain as frameworks
from services.measures.frameworks import store as frameworks_store
from services.measures.frameworks.content import Content
from services.measures.places import store as places
from services.measures.stories import store as stories
from shared.errors import Fault, Invalid, NotFound
from shared.partners import answering as partners


def framework_to_judge_by(session: Session, movement: str, key: str) -> frameworks.Shown:
    """The newest version of a framework that has a scale. Raises Invalid."""
    try:
        found = frameworks.read(session, movement, key)
    except NotFound:
        raise Invalid(faults=[Fault("/framework", "is no framework of this movement", "unknown_framework")]) from None
    if not found.content.scale:
        reason = "has no scale: nothing can be judged by it"
        raise Invalid(faults=[Fault("/framework", reason, "no_scale")])
    return found


def faults(
    session: Session, assessment: Assessment, content: Content, findings: Sequence[schemas.Finding]
) -> list[Fault]:
    """What a draft names that is not there, and what it says twice or too soon."""
    movement = assessment.movement
    found = [*_findings(session, movement, content, findings)]
    if assessment.place is not None and not places.find(session, {assessment.place}):
        found.append(Fault("/place", "no place has this code", "unknown_place"))
    if (fault := partners.fault_of(session, movement, assessment.organisation, "/organisation")) is not None:
        found.append(fault)
    if assessment.stage is not None and assessment.stage not in {stage.key for stage in content.stages}:
        found.append(Fault("/stage", "is no stage of this framework", "unknown_stage"))
    if date.fromisoformat(assessment.assessed_on) > partners.today(session, movement):
        found.append(Fault("/assessed_on", "is still to come", "in_the_future"))
    return found


def wanting(assessment: Assessment, findings: Mapping[str, Finding], told: Collection[str]) -> list[Fault]:
    """What an assessment lacks to stand: somebody who judged, something judged, and evidence for each judgement.

    Of stories those are evidence that are still `told`.
    """
    lacking = [] if assessment.assessor else [Fault("/assessor", "says nobody who judged", "assessor_missing")]
    judged = [each for each in findings.values() if each.level is not None]
    if not judged:
        lacking.append(Fault("/findings", "judge nothing", "nothing_judged"))
    return lacking + [
        Fault(f"/findings/{each.element}/evidence", "is missing for this judgement", "evidence_missing")
        for each in judged
        if not any(stands(evidence, told) for evidence in each.evidence)
    ]


def _findings(
    session: Session, movement: str, content: Content, findings: Sequence[schemas.Finding]
) -> Iterator[Fault]:
    elements, levels = {each.key for each in content.elements}, {each.key for each in content.scale}
    named = {each.measure for finding in findings for each in finding.evidence if each.measure is not None}
    known = frameworks_store.known_measures(session, movement, named)
    named = {each.story for finding in findings for each in finding.evidence if each.story is not None}
    told = stories.standing(session, movement, named)
    seen: set[str] = set()
    for at, finding in enumerate(findings):
        if finding.element not in elements:
            yield Fault(f"/findings/{at}/element", "is no element of this framework", "unknown_element")
        if finding.element in seen:
            yield Fault(f"/findings/{at}/element", "is judged twice", "judged_twice")
        seen.add(finding.element)
        if finding.level is not None and finding.level not in levels:
            yield Fault(f"/findings/{at}/level", "is no level of this framework's scale", "unknown_level")
        for place, evidence in enumerate(finding.evidence):
            pointer = f"/findings/{at}/evidence/{place}"
            if evidence.measure is not None and evidence.measure not in known:
                yield Fault(f"{pointer}/measure", "is no measure of this movement", "unknown_measure")
            if evidence.story is not None and evidence.story not in told:
                yield Fault(f"{pointer}/story", "is no published story of this movement", "unknown_story")
