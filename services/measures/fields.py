"""The field types that only this service's requests have."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.fields import line, lines
from shared.ids import Id

MeasureId = Annotated[str, Id("measure")]
VersionId = Annotated[str, Id("mver")]
ObservationId = Annotated[str, Id("obs")]
ImportId = Annotated[str, Id("imp")]
SurveyId = Annotated[str, Id("survey")]
WaveId = Annotated[str, Id("wave")]
ResearcherId = Annotated[str, Id("researcher")]
LinkId = Annotated[str, Id("surveylink")]
ResponseId = Annotated[str, Id("response")]
PersonId = Annotated[str, Id("person")]
AdoptionId = Annotated[str, Id("adoption")]
TargetId = Annotated[str, Id("target")]
CommentId = Annotated[str, Id("comment")]
WordId = Annotated[str, Id("word")]
KpiId = Annotated[str, Id("kpi")]
ReleaseId = Annotated[str, Id("release")]
RatingId = Annotated[str, Id("rating")]
OrganisationId = Annotated[str, Id("org")]
ProgrammeId = Annotated[str, Id("programme")]
StoryId = Annotated[str, Id("story")]

Provenance = Annotated[str, line(200)]
Text = Annotated[str, lines(2000, needed=False)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
"""A word that other systems keep: lower-case letters, digits and underscores."""


def _exists(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise PydanticCustomError("day", "is no day of the calendar") from None
    return day


Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_exists)]
"""A day as ISO text, which is how this service keeps days."""
