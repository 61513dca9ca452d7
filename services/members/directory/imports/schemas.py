"""How an import is asked for and shown."""

from datetime import date, datetime
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.imports import models
from services.members.directory.imports.models import OnChanged, OnError
from services.members.directory.people.models import LawfulBasis
from services.members.directory.people.schemas import NewProvenance
from services.members.fields import Language, Reference, Slug
from services.members.trust.permissions.schemas import Notice
from shared.fields import Body, View
from shared.jobs.models import Job as StoredJob
from shared.jobs.schemas import Job


class ImportQuery(Body):
    """Where a file of people comes from, how it is to be read, and what is to be done with it."""

    source: Slug = Field(description="Where the people's data come from.", examples=["civicrm"])
    basis: LawfulBasis = Field(description="The lawful basis on which they are kept.")
    notice: Slug | None = Field(None, description="The notice that the people were given; permissions need one.")
    notice_version: Reference | None = None
    notice_language: Language = "en"
    notice_given_on: date | None = None
    columns: str = Field(
        "",
        max_length=5000,
        description="Which column of the file says what, `meaning:column` separated by commas. Left out, columns are "
        "found by the meanings' own names.",
        examples=["given_name:First name,external_id.civicrm:Contact ID,permission.news.email:Newsletter"],
    )
    dry_run: bool = Field(False, description="Only say what the import would do; nothing is changed.")
    on_error: OnError = Field(
        OnError.REJECT, description="`reject`: one bad row and nothing is taken. `skip`: the good rows are taken."
    )
    on_changed: OnChanged = Field(
        OnChanged.UPDATE, description="Whether a row about somebody who is known may change them."
    )
    join: bool = Field(False, description="The people have joined: each gets a membership, and begins on the ladder.")

    @model_validator(mode="after")
    def _whole_notice(self) -> Self:
        if (self.notice is None) != (self.notice_version is None):
            raise PydanticCustomError("notice_incomplete", "needs both notice and notice_version, or neither")
        if self.notice is None and self.notice_given_on is not None:
            raise PydanticCustomError("notice_missing", "has the day of a notice and no notice")
        return self

    def shown_notice(self) -> Notice | None:
        """The notice, where one was given."""
        if self.notice is None or self.notice_version is None:
            return None
        return Notice(name=self.notice, version=self.notice_version, language=self.notice_language)

    def provenance(self, job: str) -> NewProvenance:
        """What is noted of each of the people."""
        return NewProvenance(
            source=self.source,
            reference=job,
            basis=self.basis,
            notice=self.shown_notice(),
            notice_given_on=self.notice_given_on,
        )


class Import(View):
    """A file of people: where it came from, and the job that takes it. `job.result` says what became of its rows."""

    id: str
    source: str
    basis: LawfulBasis
    notice: Notice | None
    notice_given_on: date | None
    dry_run: bool
    created_at: datetime
    revealed_at: datetime | None = Field(description="From when on its people were there; null where they are not.")
    job: Job

    @classmethod
    def of(cls, found: "tuple[models.PeopleImport, StoredJob]") -> Self:
        """An import as the API shows it."""
        row, job = found
        return cls(
            id=row.id,
            source=row.source,
            basis=LawfulBasis(row.basis),
            notice=Notice.stored(row.notice, row.notice_version, row.notice_language),
            notice_given_on=row.notice_given_on,
            dry_run=row.dry_run,
            created_at=row.created_at,
            revealed_at=row.revealed_at,
            job=Job.of(job),
        )
