"""The field types that the service's requests are made of: bounded, trimmed, and free of control characters."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.ids import Id

FundId = Annotated[str, Id("fund")]
ContributionId = Annotated[str, Id("contrib")]
RoundId = Annotated[str, Id("round")]
ApplicationId = Annotated[str, Id("app")]
AwardId = Annotated[str, Id("award")]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


# PostgreSQL refuses NUL in a text, and no name holds a line break.
_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_ONE_LINE)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000, pattern=_LINES)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code", examples=["GBP"])]
Place = Annotated[str, Field(pattern=r"^[A-Z][0-9]{8}$", description="GSS code", examples=["E07000080"])]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with its offset, kept and answered in UTC."""


class Body(BaseModel):
    """A request's body. A field that it does not know is a fault: it may be a misspelt one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
