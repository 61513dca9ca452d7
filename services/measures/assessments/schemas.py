"""Assessments as they are sent and answered."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.measures.assessments import models
from services.measures.assessments.models import Shown, Standing, State
from services.measures.fields import Key, MeasureId, OrganisationId, ProgrammeId, StoryId, Text
from services.measures.frameworks.content import Element
from shared.editing import Changes
from shared.fields import Body, GssCode, Name, View, lines
from shared.ids import Id

AssessmentId = Annotated[str, Id("assessment")]
Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]


class EvidenceKind(StrEnum):
    """What a judgement rests on."""

    MEASURE = "measure"
    DOCUMENT = "document"
    OBSERVATION = "observation"
    STORY = "story"


_NEEDS = {
    EvidenceKind.MEASURE: "measure",
    EvidenceKind.DOCUMENT: "url",
    EvidenceKind.OBSERVATION: "words",
    EvidenceKind.STORY: "story",
}


class Evidence(Body):
    """Something that a judgement rests on: a measure, a document, a published story, or what was seen."""

    kind: EvidenceKind
    words: Text = Field("", description="What it shows.")
    measure: MeasureId | None = None
    url: Url | None = None
    story: StoryId | None = None

    @model_validator(mode="after")
    def _is_there(self) -> Self:
        needed = _NEEDS[self.kind]
        if not getattr(self, needed):
            raise PydanticCustomError("evidence_incomplete", "evidence of this kind needs {field}", {"field": needed})
        return self


class Finding(Body):
    """What an element is judged to be. A null level leaves it blank, and the note may say why."""

    element: Key
    level: Key | None = Field(None, description="A level of the framework's scale; null is blank, which is not zero.")
    note: Text = ""
    evidence: list[Evidence] = Field([], max_length=20)


Findings = Annotated[list[Finding], Field(max_length=200)]


class NewAssessment(Body):
    """A draft. What is judged is the whole movement, unless a place, a programme or an organisation is named."""

    framework: Key
    place: GssCode | None = None
    programme: ProgrammeId | None = None
    organisation: OrganisationId | None = None
    stage: Key | None = Field(None, description="The stage that it is in, by a framework of the kind `stages`.")
    assessed_on: date
    assessor: Name | None = Field(None, description="Who judges, in words: a person, a panel, a body.")
    standing: Standing
    summary: Text = ""
    findings: Findings = Field([])


class AssessmentChanges(Changes):
    """What is to be different in a draft; the findings are sent whole."""

    may_be_empty = frozenset({"assessor", "place", "programme", "organisation", "stage"})

    place: GssCode | None = None
    programme: ProgrammeId | None = None
    organisation: OrganisationId | None = None
    stage: Key | None = None
    assessed_on: date | None = None
    assessor: Name | None = None
    standing: Standing | None = None
    summary: Text | None = None
    findings: Findings | None = None


class Withdrawal(Body):
    """Why an assessment no longer stands."""

    because: Annotated[str, lines(2000)]


class ShownEvidence(Evidence):
    """What a judgement rests on. A story that was withdrawn, or went with whoever told it, does not stand any more."""

    stands: bool


class ShownFinding(View):
    """What an element was judged to be; `expected` is what the framework expects at the stage that it is in."""

    element: str
    title: str
    level: str | None
    expected: str | None
    note: str
    evidence: list[ShownEvidence]


class Assessment(View):
    """What was judged, by whom, by which version of which framework, element by element in the framework's order."""

    id: AssessmentId
    version: int
    state: State
    framework: str
    framework_version: int
    place: str | None
    programme: str | None
    organisation: OrganisationId | None
    stage: str | None
    assessed_on: date
    assessor: str | None
    standing: Standing
    summary: str
    findings: list[ShownFinding] = Field(description="Every element of the framework; those not judged are blank.")
    blank: int = Field(description="How many elements are not judged.")
    withdrawn_because: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shown: Shown) -> Self:
        it = shown.assessment
        return cls(
            id=it.id, version=it.version, state=State(it.state), framework=it.framework,
            framework_version=it.framework_version, place=it.place, programme=it.programme,
            organisation=shown.organisation, stage=it.stage, assessed_on=date.fromisoformat(it.assessed_on),
            assessor=it.assessor, standing=Standing(it.standing), summary=it.summary,
            findings=[_shown(element, shown) for element in shown.elements],
            blank=sum(_level(shown.findings.get(element.key)) is None for element in shown.elements),
            withdrawn_because=it.withdrawn_because, created_at=it.created_at, updated_at=it.updated_at,
        )  # fmt: skip


def _shown(element: Element, shown: Shown) -> ShownFinding:
    found = shown.findings.get(element.key)
    return ShownFinding(
        element=element.key, title=element.title, level=_level(found),
        expected=element.expected.get(shown.assessment.stage or ""), note="" if found is None else found.note,
        evidence=[
            ShownEvidence.model_validate(each | {"stands": models.stands(each, shown.stories)})
            for each in (() if found is None else found.evidence)
        ],
    )  # fmt: skip


def _level(found: models.Finding | None) -> str | None:
    return None if found is None else found.level
