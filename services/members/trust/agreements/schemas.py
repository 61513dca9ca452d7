"""What is said about agreements, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field

from services.members.directory.people.models import LawfulBasis
from services.members.fields import OrganisationId, Paragraph, Reference, Slug
from services.members.trust.agreements.models import AgreementKind, AgreementState, Standing, TermKind
from shared.coverage import Because, DataClass
from shared.coverage import Coverage as Answer
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

AgreementId = Annotated[str, Id("agreement")]


def _once(given: list[str]) -> list[str]:
    return sorted(set(given))


Parties = Annotated[list[OrganisationId], Field(min_length=1, max_length=50), AfterValidator(_once)]
Purposes = Annotated[
    list[Slug], Field(min_length=1, max_length=30, examples=[["introductions"]]), AfterValidator(_once)
]
DataClasses = Annotated[list[DataClass], Field(min_length=1, max_length=len(DataClass)), AfterValidator(_once)]


class NewAgreement(Body):
    """An agreement that was signed. It holds until its review is due or it ends, whichever comes first."""

    kind: AgreementKind
    parties: Parties
    purposes: Purposes
    data_classes: DataClasses
    basis: LawfulBasis = Field(description="UK GDPR, article 6(1)")
    reference: Reference = Field(description="where the signed document is kept", examples=["DSA-2026-014"])
    signed_on: date
    starts_on: date | None = Field(None, description="the day it was signed, unless it is said")
    review_on: date = Field(description="the day by which it is to be reviewed; not reviewed by then, it holds no more")
    ends_on: date | None = Field(None, description="the first day on which it no longer holds")


class AgreementChanges(Changes):
    """What to change. Purposes and classes of data are replaced; for other parties another agreement is signed."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"ends_on"})

    purposes: Purposes | None = None
    data_classes: DataClasses | None = None
    basis: LawfulBasis | None = None
    reference: Reference | None = None
    ends_on: date | None = None


class NewReview(Body):
    """That an agreement was reviewed, and the day by which it is to be reviewed again."""

    review_on: date


class NewEnd(Body):
    """The first day on which an agreement no longer holds, today unless another is named, and why it ends."""

    on: date | None = None
    why: Paragraph | None = None


class Agreement(View):
    """An agreement. It holds from `starts_on` until the day before `expires_on`."""

    id: AgreementId
    version: int
    kind: AgreementKind
    state: AgreementState
    parties: list[OrganisationId]
    purposes: list[str]
    data_classes: list[DataClass]
    basis: LawfulBasis
    reference: str
    signed_on: date
    starts_on: date
    review_on: date
    ends_on: date | None
    expires_on: date
    ended_why: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """An agreement as the API shows it."""
        agreement = standing.agreement
        return cls(
            id=agreement.id,
            version=agreement.version,
            kind=AgreementKind(agreement.kind),
            state=standing.state,
            parties=[party.organisation for party in agreement.parties],
            purposes=agreement.about(TermKind.PURPOSE),
            data_classes=[DataClass(word) for word in agreement.about(TermKind.DATA_CLASS)],
            basis=LawfulBasis(agreement.basis),
            reference=agreement.reference,
            signed_on=agreement.signed_on,
            starts_on=agreement.starts_on,
            review_on=agreement.review_on,
            ends_on=agreement.ends_on,
            expires_on=agreement.expires_on,
            ended_why=agreement.ended_why,
            created_at=agreement.created_at,
            updated_at=agreement.updated_at,
        )


class Coverage(View):
    """Whether an organisation may have a class of data for a purpose on a day, and why.

    `day` is when the agreement expires (`agreement`, `agreement_expired`) or begins (`agreement_not_begun`).
    """

    covered: bool
    because: Because
    agreement: AgreementId | None
    day: date | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The answer as the API shows it."""
        return cls(covered=bool(answer), because=answer.because, agreement=answer.agreement, day=answer.day)
