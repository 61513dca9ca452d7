"""The tables of financial years: on which day a movement's end, and those that were closed."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict

_CODE = {"holds": "code"}


class YearNotOver(Conflict):
    """A financial year is closed once it is over."""

    code = "year_not_over"
    title = "That financial year is not over yet"


class NothingToClose(Conflict):
    """The ledger has nothing of a year before today."""

    code = "nothing_to_close"
    title = "There is nothing to close"


class YearEnd(Base):
    """On which day of the calendar a movement's financial years end, where it has said so."""

    __tablename__ = "ledger_year_ends"

    movement: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int]
    day: Mapped[int]
    updated_at: Mapped[datetime]
    version: Mapped[int]
