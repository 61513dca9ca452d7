"""The field types that only this service's requests have."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from shared.fields import GssCode, lines
from shared.ids import Id

OrganisationId = Annotated[str, Id("org")]
ProgrammeId = Annotated[str, Id("programme")]
FundId = Annotated[str, Id("fund")]
ContributionId = Annotated[str, Id("contrib")]
FormId = Annotated[str, Id("form")]
FormVersionId = Annotated[str, Id("formver")]
DelegationId = Annotated[str, Id("delegation")]
IncomeId = Annotated[str, Id("income")]
InvestmentId = Annotated[str, Id("investment")]
SupportId = Annotated[str, Id("support")]
RoundId = Annotated[str, Id("round")]
ApplicationId = Annotated[str, Id("app")]
DocumentId = Annotated[str, Id("document")]
QuestionId = Annotated[str, Id("question")]
AwardId = Annotated[str, Id("award")]
EntryId = Annotated[str, Id("entry")]
GrantAgreementId = Annotated[str, Id("grantagreement")]
GroupCheckId = Annotated[str, Id("groupcheck")]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Paragraph = Annotated[str, lines(5000)]
Slug = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", description="a word of your own, such as a theme", examples=["food"])
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code", examples=["GBP"])]
Place = Annotated[GssCode, Field(description="GSS code", examples=["E07000080"])]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with its offset, kept and answered in UTC."""
