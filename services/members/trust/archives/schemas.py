"""How an archive is asked for, looked through and shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import Paragraph, PersonId
from services.members.trust.archives import models
from services.members.trust.archives.contents import Opened
from services.members.trust.archives.models import ArchiveState, Decision, Form
from services.members.trust.archives.others import Why
from services.members.trust.requests.schemas import RequestId
from shared.fields import Body, View
from shared.ids import Id

ArchiveId = Annotated[str, Id("archive")]


class NewArchive(Body):
    """The verified request that the archive answers, and its form: all there is, or what can be taken elsewhere."""

    request: RequestId
    form: Form = Form.ARCHIVE


class NewDecision(Body):
    """What becomes of a passage; one that is held back says why."""

    passage: int = Field(ge=1)
    decision: Literal[Decision.RELEASED, Decision.HELD_BACK]
    reason: Paragraph | None = Field(None, examples=["It says how another member is."])

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.decision is Decision.HELD_BACK and self.reason is None:
            raise PydanticCustomError("reason_missing", "is held back for no reason")
        return self


class NewDecisions(Body):
    """Decisions about passages of one archive, all of them or none."""

    decisions: list[NewDecision] = Field(min_length=1, max_length=200)


class Passage(View):
    """Words to look at: where they stand, why they were found, and what else stands in their row."""

    passage: int
    section: str
    column: str
    words: str
    beside: dict[str, str]
    why: Why
    decision: Decision
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, opened: Opened) -> Self:
        """A passage as the API shows it."""
        row, found = opened.row, opened.found
        return cls(
            passage=row.number,
            section=found.section,
            column=found.column,
            words=found.words,
            beside=dict(found.beside),
            why=Why(row.why),
            decision=Decision(row.decision),
            reason=row.reason,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
        )


class Archive(View):
    """An archive and how far it is: `pending` passages have not been looked at. `job` says how it is getting on."""

    id: ArchiveId
    version: int
    person: PersonId
    request: RequestId
    form: Form
    state: ArchiveState
    job: str
    pending: int
    released: int
    held_back: int
    asked_by: str
    asked_at: datetime
    gathered_at: datetime | None
    released_by: str | None
    released_at: datetime | None
    expires_at: datetime

    @classmethod
    def of(cls, counted: tuple[models.Archive, Mapping[str, int]]) -> Self:
        """An archive as the API shows it, with how many passages there are of each decision."""
        archive, passages = counted
        return cls(
            id=archive.id,
            version=archive.version,
            person=archive.person,
            request=archive.request,
            form=Form(archive.form),
            state=ArchiveState(archive.state),
            job=archive.job,
            pending=passages.get(Decision.PENDING, 0),
            released=passages.get(Decision.RELEASED, 0),
            held_back=passages.get(Decision.HELD_BACK, 0),
            asked_by=archive.asked_by,
            asked_at=archive.asked_at,
            gathered_at=archive.gathered_at,
            released_by=archive.released_by,
            released_at=archive.released_at,
            expires_at=archive.expires_at,
        )
