"""What erasing a person does to the rows that name them: said beside the column that does, and read off the metadata.

    person: Mapped[str] = mapped_column(info=HOLDS_PERSON | GOES)
    of_person("brought_by", erased=EMPTIED)
    sealed: Mapped[bytes] = mapped_column(info=sealed_words(place))

The rows behind a person are found as merging finds them. A test fails on a column that names a person and says nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Goes:
    """The row is about them: it is deleted, and so is every row that refers to it."""


@dataclass(frozen=True, slots=True)
class GoesWith:
    """The column names a row of another table, by its id and without a foreign key: it is deleted where that one is."""

    table: str


@dataclass(frozen=True, slots=True)
class Emptied:
    """The row is somebody else's and stays; the column is emptied, and with it what else says something of them.

    ``where`` are a column and a value: a row that says anything else there goes instead, for it says nothing without
    them.
    """

    also: tuple[str, ...] = ()
    where: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class LeadsNowhere:
    """The row is somebody else's and cannot do without an id: it keeps one behind which there is nobody any more.

    Where it is a foreign key, the person's own row stays behind it, blank and hidden.
    """


Fate = Goes | GoesWith | Emptied | LeadsNowhere

FATE: Final = "erasure"
GOES: Final[dict[str, Fate]] = {FATE: Goes()}
EMPTIED: Final[dict[str, Fate]] = {FATE: Emptied()}
LEADS_NOWHERE: Final[dict[str, Fate]] = {FATE: LeadsNowhere()}
SAYS_NOTHING: Final[dict[str, Fate]] = {}


def emptied(*also: str, where: tuple[str, str] | None = None) -> dict[str, Fate]:
    """The row stays without them, and without what these columns of it say of them; but for those that go."""
    return {FATE: Emptied(also, where)}


def goes_with(table: str) -> dict[str, Fate]:
    """The row goes with the row of that table whose id the column holds."""
    return {FATE: GoesWith(table)}


Place = Callable[[str, str], bytes]
"""What the words of a row are bound to as they are sealed, by its movement and its id."""


@dataclass(frozen=True, slots=True)
class SealedWords:
    """The column holds words under the service's own key, which may speak of anybody: they are opened to be looked at.

    Whoever is erased is taken out of them; where ``goes``, the row goes: it is of no use without them.
    """

    place: Place
    goes: bool = False


SEALED: Final = "sealed_words"


def sealed_words(place: Place, *, goes: bool = False) -> dict[str, SealedWords]:
    """The column holds sealed words."""
    return {SEALED: SealedWords(place, goes)}
