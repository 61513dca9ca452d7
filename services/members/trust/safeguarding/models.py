"""The form of every table of safeguarding: a record sealed as one, and what it is looked up by, blinded.

Read without the keys, a row tells that there is one and how often it was edited. No column holds a person's id, so that
merging people passes these tables by: a record keeps the id that it was made with, and is read by whoever it is now.
"""

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base

RING = "safeguarding"
"""The ring of keys that opens these tables (``BACKBONE_SAFEGUARDING_KEYS``)."""


class SealedRow(Base):
    """The columns of a table of sealed records."""

    __abstract__ = True

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    sealed: Mapped[bytes]


class Record(msgspec.Struct, kw_only=True):
    """What a row holds once it is opened, and what it is looked up by."""

    id: str
    version: int = 1

    def people(self) -> tuple[str, ...]:
        """The people whom it is looked up by, by the ids that it was made with."""
        return ()

    def others(self) -> tuple[str, ...]:
        """What else it is looked up by."""
        return ()


class Term(Base):
    """What a record can be looked up by, such as a person: blinded, and each table by itself."""

    __tablename__ = "safeguarding_terms"
    __table_args__ = (sa.Index("safeguarding_terms_by_record", "movement", "record"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[bytes] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
