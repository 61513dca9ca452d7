"""What requests and answers about financial years look like."""

from collections import Counter
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.grants.ledger.chart import CHART, Account, Restriction
from services.grants.ledger.models import LedgerYear
from services.grants.ledger.schemas import sides
from services.grants.ledger.years import domain
from services.grants.ledger.years.calendar import DayOfYear
from shared.fields import Body, View
from shared.money import Money


def _day_of_year(text: str) -> str:
    try:
        return str(DayOfYear.read(text))
    except ValueError:
        raise PydanticCustomError("invalid_day_of_year", "is no day of a year, such as 03-31") from None


DayText = Annotated[
    str,
    Field(pattern=r"^\d{2}-\d{2}$", description="month and day", examples=["03-31"]),
    AfterValidator(_day_of_year),
]


class YearEndChange(Body):
    """On which day the movement's financial years end from now on."""

    ends: DayText


class YearEnds(View):
    """When the movement's financial years end, which were closed, and which is the next."""

    ends: DayText
    closed_until: Annotated[date | None, Field(description="nothing is dated on this day or before it any more")]
    next_ends_on: Annotated[date | None, Field(description="the end of the next year to close")]
    updated_at: datetime | None
    version: int

    @classmethod
    def of(cls, ends: domain.Ends) -> "YearEnds":
        """The answer for when years end."""
        return cls(
            ends=str(ends.day),
            closed_until=ends.closed_until,
            next_ends_on=ends.next_ends_on,
            updated_at=ends.updated_at,
            version=ends.version,
        )


class Closing(Body):
    """The year to close, by its last day."""

    ends_on: date


class Year(View):
    """A financial year that is closed."""

    id: str
    starts_on: date
    ends_on: date
    closed_at: datetime
    closed_by: Annotated[str, Field(description="the user who closed it")]

    @classmethod
    def of(cls, year: LedgerYear) -> "Year":
        """The answer for a year."""
        return cls(
            id=year.id,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            closed_at=year.closed_at,
            closed_by=year.closed_by,
        )


class YearLine(View):
    """What an account of income or expenses came to in the year, by how the money was bound."""

    account: Account
    name: str
    restriction: Restriction
    debit: Money | None
    credit: Money | None


class ClosedYear(Year):
    """A closed year and its statement: what income and expenses came to before they were carried over."""

    statement: list[YearLine]

    @classmethod
    def with_statement(cls, closed: domain.Closed) -> "ClosedYear":
        """The answer for a year with the lines that closed it."""
        sums: Counter[tuple[str, str, str]] = Counter()
        for currency, line in closed.lines:
            if line.account != Account.CARRIED_FORWARD:
                sums[currency, line.account, line.restriction] -= line.pence
        statement = []
        for (currency, account, restriction), pence in sorted(sums.items()):
            debit, credit = sides(pence, currency)
            statement.append(
                YearLine(
                    account=Account(account),
                    name=CHART[Account(account)].name,
                    restriction=Restriction(restriction),
                    debit=debit,
                    credit=credit,
                )
            )
        return cls(**Year.of(closed.year).model_dump(), statement=statement)
