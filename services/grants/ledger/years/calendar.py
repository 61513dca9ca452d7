"""On which days financial years end. The 29th of February ends a year on the last day of that month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class DayOfYear:
    """A day that every year has, such as 31 March."""

    month: int
    day: int

    @classmethod
    def read(cls, text: str) -> "DayOfYear":
        """The day that `03-31` says. Raises ValueError."""
        month, _, day = text.partition("-")
        date(2024, int(month), int(day))  # a leap year has every day
        return cls(int(month), int(day))

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    def of(self, year: int) -> date:
        """That day of a calendar year; in a year that lacks it, the last day of the month."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def on_or_after(self, day: date) -> date:
        """The end of the financial year that a day lies in."""
        end = self.of(day.year)
        return end if end >= day else self.of(day.year + 1)

    def year_of(self, day: date) -> tuple[date, date]:
        """The first and the last day of the financial year that a day lies in."""
        end = self.on_or_after(day)
        return self.of(end.year - 1) + timedelta(1), end
