"""The table by which a misspelt word finds those that it may have been meant for."""

from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base


class Trigram(Base):
    """Three letters in a row of a word in somebody's name: the words of a movement, each once, however many have it.

    A trigram is packed into one integer, 21 bits a character, so that it is short and compares alike on both databases.
    """

    __tablename__ = "name_trigrams"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own; half the size and the writing

    movement: Mapped[str] = mapped_column(primary_key=True)
    trigram: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[bytes] = mapped_column(primary_key=True)
