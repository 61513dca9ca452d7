"""The tables of directories and postcodes. Like places they are without a movement: all speak of the same."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from shared.errors import Conflict


class DirectoryState(StrEnum):
    """Where an edition is: nobody sees its postcodes before it is loaded."""

    LOADING = "loading"
    LOADED = "loaded"


class EditionTaken(Conflict):
    """The edition is loaded, or being loaded; what was published is not loaded a second time under the same name."""

    code, title = "edition_taken", "This edition is there already"


class PostcodeDirectory(Base):
    """One edition of a directory. `columns` says by area kind which column of its file it was read from."""

    __tablename__ = "postcode_directories"

    edition: Mapped[str] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    columns: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    postcodes: Mapped[int]
    created_at: Mapped[datetime]
    loaded_at: Mapped[datetime | None]


class Postcode(Base):
    """The areas of one postcode, which is kept without spaces: a code by the kind of area. `ended` is an ISO month."""

    __tablename__ = "postcodes"

    edition: Mapped[str] = mapped_column(primary_key=True)
    postcode: Mapped[str] = mapped_column(primary_key=True)
    areas: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    ended: Mapped[str | None]
