"""What requests and answers about reports look like."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from services.grants.fields import AwardId, Paragraph, Place
from services.grants.reports import models
from services.grants.reports.models import FigureOutcome, ReportState, StoredStory
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.ids import Id

MeasureVersionId = Annotated[str, Id("mver")]
_Number = Annotated[Decimal, Field(max_digits=30, decimal_places=15, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=0, le=10**15 - 1)]
_Word = Annotated[str, line(500)]


class NewReport(Body):
    """A report to ask for beside the one that is asked for by itself."""

    award: AwardId
    due_on: date


class Figure(Body):
    """What was counted, for one of the award's measures: as figures of that measure are reported anywhere."""

    measure_version: MeasureVersionId
    place: Place
    period: Annotated[_Word, Field(examples=["2026/27"])]
    cell: Annotated[_Word, Field(description="the group that it is about; `all` is everybody")] = "all"
    value: _Number | None = None
    numerator: _Count | None = None
    denominator: _Count | None = None
    n: _Count | None = None

    def cells(self) -> dict[str, str]:
        """What it says, as text by its meanings."""
        said = self.model_dump(exclude={"measure_version"}, exclude_none=True)
        return {meaning: str(value) for meaning, value in said.items()}


class NewStory(Body):
    """That what changed for people may be told as a story: how far, and how whoever tells it agreed."""

    title: Name
    reach: Literal["movement", "partners", "public"]
    how: Literal["written", "spoken", "recorded"]
    on: date
    credit: Annotated[Name | None, Field(description="how whoever tells it wants to be called")] = None

    def stored(self) -> StoredStory:
        """As it is kept."""
        return {
            "title": self.title,
            "reach": self.reach,
            "how": self.how,
            "on": self.on.isoformat(),
            "credit": self.credit,
        }


class ReportChanges(Changes):
    """What of a report is to be different; `figures` are sent whole."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"happened", "took_part", "changed_for_people", "story"})

    due_on: date | None = None
    happened: Annotated[Paragraph | None, Field(description="What did you do with the money?")] = None
    took_part: Annotated[Paragraph | None, Field(description="Who took part?")] = None
    changed_for_people: Annotated[Paragraph | None, Field(description="What is different for people now?")] = None
    figures: Annotated[list[Figure], Field(max_length=50)] | None = None
    story: NewStory | None = None


class Question(Body):
    """What the group is asked about its report."""

    question: Paragraph


class Waiver(Body):
    """Why a report is not asked for any longer."""

    reason: Paragraph


class CountedMeasures(Body):
    """The published versions of measures that the reports of an award are to have figures of."""

    measures: Annotated[list[MeasureVersionId], Field(max_length=20)]


class AwardMeasures(View):
    """The published versions of measures that the reports of an award have figures of. `version` is the award's."""

    measures: list[str]
    version: int

    @classmethod
    def of(cls, counted: models.Counted) -> "AwardMeasures":
        """The answer for what an award counts."""
        return cls(measures=list(counted.versions), version=counted.award.version)


class ReportedFigure(View):
    """A figure of a report. Once that is accepted, `outcome` says whether it was taken, and `fault` why it was not."""

    measure_version: str
    cells: Annotated[dict[str, str], Field(description="what it says, by its meanings: place, period, value, n …")]
    outcome: FigureOutcome | None
    fault: Annotated[str | None, Field(description="why it was refused: a code of POST /v1/observations")]


class Whole(NamedTuple):
    """A report with its figures, and whether it has a photograph."""

    report: models.GrantReport
    figures: Sequence[models.ReportFigure]
    has_photo: bool


class Report(View):
    """What a group tells of its award: three answers, or a photograph."""

    id: str
    award: str
    due_on: date
    state: ReportState
    happened: str | None
    took_part: str | None
    changed_for_people: str | None
    photo: Annotated[bool, Field(description="whether it has a photograph, at `…/photo`")]
    figures: list[ReportedFigure]
    story: Annotated[NewStory | None, Field(description="how far what changed may be told as a story")]
    question: Annotated[str | None, Field(description="what the group was asked about it last")]
    waived_because: str | None
    overdue_since: datetime | None
    submitted_at: datetime | None
    ended_at: Annotated[datetime | None, Field(description="when it was accepted or waived")]
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, whole: Whole) -> "Report":
        """The answer for a report."""
        report, figures, has_photo = whole
        return cls(
            id=report.id,
            award=report.award_id,
            due_on=report.due_on,
            state=ReportState(report.state),
            happened=report.happened,
            took_part=report.took_part,
            changed_for_people=report.changed_for_people,
            photo=has_photo,
            figures=[
                ReportedFigure(
                    measure_version=each.measure_version,
                    cells=each.cells,
                    outcome=None if each.outcome is None else FigureOutcome(each.outcome),
                    fault=each.fault,
                )
                for each in figures
            ],
            story=None if report.story is None else NewStory.model_validate(dict(report.story)),
            question=report.question,
            waived_because=report.waived_because,
            overdue_since=report.overdue_since,
            submitted_at=report.submitted_at,
            ended_at=report.ended_at,
            created_at=report.created_at,
            updated_at=report.updated_at,
            version=report.version,
        )
