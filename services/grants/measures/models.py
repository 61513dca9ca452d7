"""The table of versions that a movement may report against: its own, and those that it took out of the commons."""

from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class PublishedVersion(Base):
    """A version of a measure that was published, and never is again: it stays."""

    __tablename__ = "published_versions"

    movement: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
