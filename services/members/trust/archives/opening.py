"""Words that stand sealed in their tables, opened for whom they are about: a function for each such table."""

from collections.abc import Callable, Mapping

from services.members.community.connections.conversations import words_of
from services.members.engagement.gatherings.safety.domain import call_of
from services.members.life.voices.words import opened as voice_opened
from shared.access.sections import Author, Column, Value
from shared.secrets import Secrets

Row = Mapping[str, object]
Told = Mapping[str, Value]


def conversation(row: Row, movement: str, secrets: Secrets) -> Told:
    """What somebody told whoever helps them."""
    return {"words": words_of(movement, str(row["id"]), _sealed(row), secrets)}


def contact(row: Row, movement: str, secrets: Secrets) -> Told:
    """Whom to call for somebody."""
    found = call_of(movement, str(row["id"]), _sealed(row), secrets)
    return {"name": found.name, "telephone": found.phone}


def voice(row: Row, movement: str, secrets: Secrets) -> Told:
    """What somebody said, unless they took it back."""
    words = _sealed(row)
    return {"words": voice_opened(movement, str(row["id"]), words, secrets) if words else None}


Opening = Callable[[Row, str, Secrets], Told]

OPENED: Mapping[str, tuple[Opening, Mapping[str, Author]]] = {
    "conversations": (conversation, {"words": "themself"}),
    "voices": (voice, {"words": "themself"}),
    "emergency_contacts": (contact, {"name": "others", "telephone": "others"}),
}
"""By table how a row is opened, and who wrote what comes out of it. Whom to call is somebody else."""


def columns(table: str) -> list[Column]:
    """The columns that opening adds to a table's own."""
    _, authors = OPENED.get(table, (None, {}))
    return [Column(name, name.capitalize(), "text", author) for name, author in authors.items()]


def opened(table: str, row: Row, movement: str, secrets: Secrets) -> Told:
    """What opening a row adds to it."""
    return OPENED[table][0](row, movement, secrets) if table in OPENED else {}


def _sealed(row: Row) -> bytes:
    sealed = row["sealed"]
    return bytes(sealed) if isinstance(sealed, bytes | memoryview) else b""
