"""The tables of forms and of their versions."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict


class FormFrozen(Conflict):
    """A round was published with this version: groups are asked by it, or were."""

    code = "form_frozen"
    title = "This version of the form does not change any more"


class Form(Base):
    """A form by its name. What it asks is said by its versions, of which each round names one."""

    __tablename__ = "forms"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class FormVersion(Base):
    """What a form asks: a JSON Schema of the answers, and the order of the questions on a page.

    ``summary_from`` and ``budget_from`` name the answers that say in short what the money is for, and that hold the
    lines of the budget, if any do. From ``used_at`` on it stays as it is: a round was published with it.
    """

    __tablename__ = "form_versions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "form_id"], ["forms.movement", "forms.id"]),
        sa.UniqueConstraint("movement", "form_id", "number"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    number: Mapped[int]
    schema: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    order: Mapped[list[str]] = mapped_column("questions", sa.JSON)
    summary_from: Mapped[str | None]
    budget_from: Mapped[str | None]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def check_unused(self) -> None:
        """Whether it may still be changed. Raises FormFrozen."""
        if self.used_at is not None:
            raise FormFrozen("add a version instead")


class Read(NamedTuple):
    """A form, and its newest version."""

    form: Form
    newest: FormVersion
