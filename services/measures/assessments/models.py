"""The tables of assessments and of what they find, and the steps of an assessment."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.frameworks.content import Element
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class State(StrEnum):
    """Where an assessment is."""

    DRAFT = "draft"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How near whoever judges is to what is judged."""

    SELF = "self"
    PEER = "peer"
    INDEPENDENT = "independent"


ASSESSMENTS = Lifecycle(
    "an assessment",
    {State.DRAFT: {State.COMPLETE, State.WITHDRAWN}, State.COMPLETE: {State.WITHDRAWN}},
)


class Shown(NamedTuple):
    """An assessment, the elements of its framework's version, and what it finds by element.

    `organisation` is the one that is judged, by the id that answers for it now; `stories` are those among its evidence
    that are still told.
    """

    assessment: "Assessment"
    elements: Sequence[Element]
    findings: Mapping[str, "Finding"]
    organisation: str | None
    stories: Collection[str]


class NotADraft(Conflict):
    """The assessment is complete or withdrawn, and does not change any more."""

    code, title = "not_a_draft", "This assessment does not change any more"


class Assessment(Base):
    """What was judged on a day by a version of a framework: the whole movement, or a place, programme or organisation.

    `stage` is that of a framework by stages; `assessor` says in words who judged.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement", "framework", "framework_version"],
            ["framework_versions.movement", "framework_versions.framework", "framework_versions.version"],
        ),
        sa.Index("assessments_by_framework", "movement", "framework", "state", "assessed_on"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    framework: Mapped[str]
    framework_version: Mapped[int]
    place: Mapped[str | None]
    programme: Mapped[str | None]
    organisation: Mapped[str | None]
    stage: Mapped[str | None]
    assessed_on: Mapped[str]
    assessor: Mapped[str | None]
    standing: Mapped[str]
    summary: Mapped[str]
    state: Mapped[str]
    withdrawn_because: Mapped[str | None]
    actor: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def refuse_unless_draft(self) -> None:
        """Raise NotADraft where it does not change any more."""
        if self.state != State.DRAFT:
            raise NotADraft(f"the assessment is {self.state}", state=self.state)

    def step(self, to: State, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = ASSESSMENTS.step(self.state, to)
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Finding(Base):
    """What an element was judged to be. An element without one, or whose level is null, is blank: that is not zero."""

    __tablename__ = "assessment_findings"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "assessment"], ["assessments.movement", "assessments.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    assessment: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str | None]
    note: Mapped[str]
    evidence: Mapped[list[dict[str, str | None]]] = mapped_column(sa.JSON)


def stands(evidence: Mapping[str, str | None], stories: Collection[str]) -> bool:
    """Whether a piece of evidence is there: a story is while it is one of these, which are still told."""
    story = evidence.get("story")
    return story is None or story in stories


def stories_in(findings: Iterable[Finding]) -> set[str]:
    """The stories that these findings rest on."""
    named = (each.get("story") for finding in findings for each in finding.evidence)
    return {story for story in named if story is not None}
