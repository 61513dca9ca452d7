"""The tables of frameworks: which there are, and what each of their versions says."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.frameworks.content import Content


class Framework(Base):
    """A framework that a movement made, or made its own. `version` is the newest of its versions.

    It is found by its key; the id is what events are counted by.
    """

    __tablename__ = "frameworks"
    __table_args__ = (sa.UniqueConstraint("movement", "id"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    kind: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FrameworkVersion(Base):
    """What a framework said from a change on until the next: kept, for assessments are against a version."""

    __tablename__ = "framework_versions"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "framework"], ["frameworks.movement", "frameworks.key"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    framework: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    actor: Mapped[str]
    created_at: Mapped[datetime]

    @property
    def content(self) -> Content:
        """What it says."""
        return Content.stored(self.document)
