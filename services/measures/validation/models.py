"""The table of validation rules, and how much one matters."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class Severity(StrEnum):
    """An `error` keeps a return where it is; a `warning` is told and counted, and keeps nothing."""

    ERROR = "error"
    WARNING = "warning"


class ValidationRule(Base):
    """What a movement asks of the figures of a measure version, until the rule is retired.

    `test` is one of :mod:`.kinds`, with its parameters: nothing in it is anybody's.
    """

    __tablename__ = "validation_rules"
    __table_args__ = (sa.Index("validation_rules_by_version", "movement", "measure_version", "id"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure_version: Mapped[str]
    name: Mapped[str]
    severity: Mapped[str]
    test: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
