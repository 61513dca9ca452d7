"""What every CRM is asked for, whatever its API: tell it of records, and what it answers in one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from pydantic import JsonValue


class CrmFailed(Exception):
    """A call came to nothing for everybody in it. ``code`` is a stable word or the vendor's own, never its text."""

    def __init__(self, code: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.wait = wait
        """The seconds that it asked for, where it did."""


class CrmAway(CrmFailed):
    """It gave no answer, or one that says "later": it is called again."""


class CrmLimited(CrmFailed):
    """It was called too often: nobody calls it before ``wait`` is over."""


class CrmRefuses(CrmFailed):
    """It does not take our credentials, or its address may not be dialled: somebody has to do something."""


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody or an organisation as a CRM is to have them: the fields to set, by its own names. ``external_id`` is
    what it calls them, as far as that is known: where it is not, they are found by our id or made. One that is
    ``released`` stays there, and our id is taken out of its record."""

    subject: str
    external_id: str | None
    fields: Mapping[str, JsonValue]
    released: bool = False

    @property
    def ours(self) -> str | None:
        """What is to stand in the CRM's field for our id."""
        return None if self.released else self.subject


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one of those: what the CRM calls them, or its code of why not. ``again``: it may pass by itself."""

    subject: str
    external_id: str | None = None
    status: int | None = None
    code: str | None = None
    again: bool = False


@runtime_checkable
class Readable(Protocol):
    """A CRM whose records can be read back."""

    async def read(self, external_ids: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
        """The records that it calls so, by its own names of fields; what is not there (any more) is left out.

        Raises CrmFailed.
        """


@runtime_checkable
class Forgetful(Protocol):
    """A CRM in which records can be deleted."""

    async def forget(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """Delete the records of people whom it has; who is not there any more is forgotten as well.

        Raises CrmFailed.
        """


class Crm(Protocol):
    """One CRM, ready to be asked. Every call may raise CrmFailed."""

    @property
    def most_at_once(self) -> int:
        """How many people one call takes."""

    async def tell(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """Let the CRM have people with these fields, found by our id of them or by its own; an outcome each.

        Told twice it is as told once.
        """
