"""What a kind of record is for retention: its tables, what its period may be counted from, and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What is done with a record whose period is over.

    ``delete`` it with all that hangs on it; ``empty`` it of whom it names, so that it goes on counting;
    ``pseudonymise`` it: somebody who is nobody stands in for each person; ``erase`` the person, in every service; or
    keep it until somebody has had a look (``review``).
    """

    DELETE = "delete"
    EMPTY = "empty"
    PSEUDONYMISE = "pseudonymise"
    ERASE = "erase"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class After:
    """What a period is counted from: the day in a column of the kind's first table.

    ``among`` are a column and its values: only a record that says one of them has come to it. ``unless`` are tables,
    with the column that names the person and the one with a day: a later day there counts instead.
    """

    column: str
    among: tuple[str, tuple[str, ...]] | None = None
    unless: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Standard:
    """The rule that a kind begins with. It says where its period is from; "our choice" is to be settled with care."""

    months: int
    after: str
    action: Action
    source: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record, named as in the path. ``tables`` are the one that it is of, and those that hang on its rows.

    One that has no ``standard`` has no rule of its own: ``because`` says by what it ends. ``pseudonyms`` is a column
    that has a person's pseudonym in place of their id.
    """

    key: str
    name: str
    tables: tuple[str, ...]
    after: Mapping[str, After]
    may: tuple[Action, ...]
    standard: Standard | None
    because: str | None = None
    pseudonyms: str | None = None

    @property
    def table(self) -> str:
        """The table whose rows are the records."""
        return self.tables[0]


def ruled(
    key: str, name: str, tables: str, standard: Standard, may: tuple[Action, ...], pseudonyms: str | None = None,
    **after: After,
) -> Kind:  # fmt: skip
    """A kind that has a rule; ``tables`` are separated by spaces."""
    return Kind(key, name, tuple(tables.split()), after, may, standard, pseudonyms=pseudonyms)


def ending(key: str, name: str, tables: str, because: str) -> Kind:
    """A kind that ends by something else."""
    return Kind(key, name, tuple(tables.split()), {}, (), None, because)
