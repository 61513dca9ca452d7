"""How a stop is shown: the proof of what it ended."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.fields import PersonId
from services.members.trust.stops.domain import Shown
from services.members.trust.stops.models import StopReceipt
from shared.fields import View
from shared.ids import Id

StopId = Annotated[str, Id("stop")]


class Receipt(View):
    """That a part is to obey, and did: when, and how many things it ended. What only reads obeys whenever it reads."""

    part: str = Field(examples=["asset_map"])
    due_at: datetime = Field(description="when it obeys at the latest")
    ended: int | None
    obeyed_at: datetime | None = Field(description="null: it has not answered; past `due_at` that raises an alarm")

    @classmethod
    def of(cls, receipt: StopReceipt) -> Self:
        """A receipt as the API shows it."""
        return cls.model_validate(receipt, from_attributes=True)


class Stop(View):
    """That somebody said stop, and what each part that goes on by itself ended for it."""

    id: StopId
    person: PersonId
    stopped_at: datetime
    recorded_by: str
    receipts: list[Receipt]

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """A stop as the API shows it."""
        stop = shown.stop
        return cls(
            id=stop.id,
            person=stop.person,
            stopped_at=stop.stopped_at,
            recorded_by=stop.recorded_by,
            receipts=[Receipt.of(each) for each in shown.receipts],
        )
