"""What look-up tables of people and of organisations have in common: by what is looked up.

Each table adds whose row it is, and the index to find the rows of one. The columns here come before that one in its
key, for by them a row is found.
"""

from sqlalchemy.orm import Mapped, mapped_column


class ByWord:
    """One word of a name, folded, in UTF-8: bytes sort alike on both databases, so a prefix is a range."""

    movement: Mapped[str] = mapped_column(primary_key=True, sort_order=-3)
    word: Mapped[bytes] = mapped_column(primary_key=True, sort_order=-2)


class ByExternalId:
    """What another system calls somebody. It calls nobody else in the movement that."""

    movement: Mapped[str] = mapped_column(primary_key=True, sort_order=-3)
    system: Mapped[str] = mapped_column(primary_key=True, sort_order=-2)
    external_id: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
