"""The table of pledges."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person


class Pledge(Base):
    """What a person promised to do, in their own words, perhaps as part of a campaign and by a day."""

    __tablename__ = "pledges"
    __table_args__ = (of_person(), sa.Index("pledges_by_person", "movement", "person"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    text: Mapped[str]
    campaign: Mapped[str | None]
    due_on: Mapped[date | None]
    made_at: Mapped[datetime]
