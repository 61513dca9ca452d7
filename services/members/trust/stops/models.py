"""The table of what each part did when somebody said stop. That they said it is with what they decided otherwise."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.erasing import goes_with

_WAITING = sa.text("obeyed_at IS NULL")


class StopReceipt(Base):
    """That a part is to obey a stop by ``due_at``; when it did, and how many things of the person's it ended.

    ``late_at`` is when it was announced that it had not obeyed in time.
    """

    __tablename__ = "stop_receipts"
    __table_args__ = (sa.Index("stop_receipts_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    stop: Mapped[str] = mapped_column(primary_key=True, info=goes_with("stops"))
    part: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    ended: Mapped[int | None] = mapped_column(sa.BigInteger)
    obeyed_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]

    def obey(self, ended: int, at: datetime) -> None:
        """The part has obeyed; a second receipt of it changes nothing."""
        if self.obeyed_at is None:
            self.ended, self.obeyed_at = ended, at
