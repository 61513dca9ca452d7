"""The audit's tables. An entry is never changed and never deleted: triggers of the database refuse it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base

_OF_IDS = {"says": "ids and what they were granted, no words of anybody's"}
"""Keeps the sweep of an erasure away: nothing here names anybody, and nothing may be rewritten."""


class AuditHead(Base):
    """The end of a movement's chain (empty: the platform's), locked by whoever appends."""

    __tablename__ = "audit_head"

    movement: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(info=_OF_IDS)


class AuditEntry(Base):
    """What somebody did about access. ``digest`` covers all of it and the digest of the entry before."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("audit_entry_of_subject", "movement", "subject", "number"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(info=_OF_IDS)
    action: Mapped[str] = mapped_column(info=_OF_IDS)
    subject: Mapped[str] = mapped_column(info=_OF_IDS)
    request: Mapped[str | None] = mapped_column(info=_OF_IDS)
    facts: Mapped[str] = mapped_column(info=_OF_IDS)
    digest: Mapped[str] = mapped_column(info=_OF_IDS)
