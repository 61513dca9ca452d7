"""What is said about time given and had, and how transfers, statements and the bank are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import OrganisationId, Paragraph, PersonId, Reference
from services.members.life.time_credits.models import TimeTransfer
from services.members.life.whose import Whose
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

TransferId = Annotated[str, Id("time")]
MOST = 60 * 24 * 7
"""Minutes that one transfer has at most: a week's worth of days and nights is a slip of the keyboard."""


class NewTransfer(Body):
    """Time that one side gave and the other had."""

    helper: Whose
    helped: Whose
    minutes: int = Field(ge=1, le=MOST, strict=True, examples=[90])
    what: Reference = Field(examples=["dug over the school garden"])
    on: date | None = Field(None, description="today unless it was before")

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.helper == self.helped:
            raise PydanticCustomError("same_side", "cannot give time to itself")
        return self


class Reversal(Body):
    """Why a transfer is to count for nothing."""

    why: Paragraph


class BankChanges(Changes):
    """What the movement agrees on anew."""

    lowest_minutes: int | None = Field(None, le=0, ge=-60_000, strict=True)


class Bank(View):
    """The terms of the time bank, and what passed through it. The sum of all balances is always zero."""

    lowest_minutes: int
    transfers: int
    minutes: int
    sum_of_balances: int
    version: int


class SideShown(View):
    """A person or an organisation."""

    person: PersonId | None
    organisation: OrganisationId | None


class TransferShown(View):
    """A transfer. `reverses` is the one that it undoes."""

    id: TransferId
    helper: SideShown
    helped: SideShown
    minutes: int
    what: str
    on: date
    reverses: TransferId | None
    why: str | None
    recorded_at: datetime

    @classmethod
    def of(cls, transfer: TimeTransfer) -> Self:
        """A transfer as the API shows it."""
        return cls(
            id=transfer.id,
            helper=SideShown(person=transfer.helper_person, organisation=transfer.helper_organisation),
            helped=SideShown(person=transfer.helped_person, organisation=transfer.helped_organisation),
            minutes=transfer.minutes,
            what=transfer.what,
            on=transfer.on,
            reverses=transfer.reverses,
            why=transfer.why,
            recorded_at=transfer.recorded_at,
        )


class Line(View):
    """A transfer in a statement: what it added (or took), and the balance after it, in minutes."""

    transfer: TransferShown
    minutes: int
    balance: int


class Statement(View):
    """What somebody gave and had from one day to another, both included, in minutes."""

    side: SideShown
    starts_on: date
    ends_on: date
    opening: int
    lines: list[Line]
    closing: int
