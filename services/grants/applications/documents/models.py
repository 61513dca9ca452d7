"""The table of documents and photographs, each sealed under the service's own key."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict, Invalid, PayloadTooLarge

MOST = 10
"""Files of one application: a constitution, a bank letter, a handful of photographs."""


class TooManyFiles(Conflict):
    """The application has as many files as it may have."""

    code, title = "too_many_files", "There are as many files as there may be"


class FileTooLarge(PayloadTooLarge):
    """The file is over the limit of one file; nothing of it is kept."""

    code, title = "file_too_large", "The file is too large"


class UnknownFile(Invalid):
    """What the file begins with is none of the kinds that are taken, whatever it is called."""

    code, title = "unknown_file", "This kind of file is not taken"


class Purpose(StrEnum):
    """What a file is for."""

    DOCUMENT = "document"
    PHOTO = "photo"


class Document(Base):
    """A file of an application or of its draft (``application`` is the id of either). ``content`` is sealed, ``size``
    is in bytes."""

    __tablename__ = "application_documents"
    __table_args__ = (sa.Index("application_documents_by_application", "movement", "application", "id"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    application: Mapped[str]
    purpose: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
