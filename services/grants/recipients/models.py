"""The table of who goes on in whose place: a projection of what members announces.

Nothing is repointed when an organisation ends. Whose award it is now is read by it, so what is undone is undone here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Mapped, mapped_column

from services.grants.awards.models import Award
from services.grants.base import Base


class Succession(Base):
    """That another organisation goes on in the place of one; of several each has a row."""

    __tablename__ = "successions"

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    successor: Mapped[str] = mapped_column(primary_key=True)


class Recipient(NamedTuple):
    """An award, who has it now, and, where several go on in the place of whose it was, between whom that is open."""

    award: Award
    now: str | None
    between: Sequence[str]
