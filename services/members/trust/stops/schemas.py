"""How a stop is shown: the proof of what it ended."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from services.members.fields import PersonId
from services.members.trust.stops.domain import Shown
from shared.ids import Id

StopId = Annotated[str, Id("stop")]


class Receipt(BaseModel):
    """That a part obeyed: when, and how many things it ended. What only reads obeys whenever it reads."""

    part: str = Field(examples=["asset_map"])
    ended: int
    obeyed_at: datetime


class Stop(BaseModel):
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
            receipts=[Receipt(part=each.part, ended=each.ended, obeyed_at=each.obeyed_at) for each in shown.receipts],
        )
