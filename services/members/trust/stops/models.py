"""The table of what each part did when somebody said stop. That they said it is with what they decided otherwise."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.erasing import goes_with


class StopReceipt(Base):
    """That a part obeyed a stop, when, and how many things of the person's it ended."""

    __tablename__ = "stop_receipts"

    movement: Mapped[str] = mapped_column(primary_key=True)
    stop: Mapped[str] = mapped_column(primary_key=True, info=goes_with("stops"))
    part: Mapped[str] = mapped_column(primary_key=True)
    ended: Mapped[int] = mapped_column(sa.BigInteger)
    obeyed_at: Mapped[datetime]
