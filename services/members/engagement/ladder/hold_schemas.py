"""What is said when a rung is locked or held up, and how that is shown."""

from datetime import date, datetime
from typing import Self

from pydantic import Field

from services.members.engagement.ladder import holds, models
from services.members.engagement.ladder.engine import Rung
from services.members.fields import Paragraph
from shared.fields import Body, View


class NewHold(Body):
    """A rung to stand on, or not to fall below, why, and the last day that it is meant for (none: until lifted)."""

    rung: Rung
    why: Paragraph = Field(examples=["She is on parental leave."])
    until: date | None = None

    def to_domain(self) -> holds.Hold:
        """The hold as the verbs take it."""
        return holds.Hold(self.rung, self.why, self.until)


class Hold(View):
    """A lock or a floor that holds: by whom, why and until when."""

    rung: Rung
    why: str
    until: date | None
    by: str
    at: datetime

    @classmethod
    def of(cls, row: models.LadderDecision) -> Self:
        """A lock or a floor as the API shows it."""
        return cls(rung=Rung(str(row.rung)), why=row.why or "", until=row.until, by=row.by, at=row.at)
