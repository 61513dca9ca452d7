"""What is said of somebody who is protected, and how it is shown to the few who may see it."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.fields import Paragraph, PersonId
from services.members.trust.safeguarding.protected import models
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

ProtectionId = Annotated[str, Id("protection")]


class NewProtection(Body):
    """Somebody who must not be found, and why."""

    person: PersonId
    reason: Paragraph = Field(examples=["A court order: their former partner must not learn where they are."])
    review_on: date | None = Field(None, description="when it is looked at again; that ends nothing by itself")


class ProtectionChanges(Changes):
    """What is to be said otherwise."""

    may_be_empty: ClassVar = frozenset({"review_on"})

    reason: Paragraph | None = None
    review_on: date | None = None


class Protection(View):
    """Somebody who is, or was, protected."""

    id: ProtectionId
    version: int
    person: PersonId
    reason: str
    review_on: date | None
    recorded_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: models.Protection) -> Self:
        """A record as the API shows it."""
        return cls(
            id=row.id,
            version=row.version,
            person=row.person,
            reason=row.reason,
            review_on=row.review_on,
            recorded_at=row.recorded_at,
            ended_at=row.ended_at,
        )
