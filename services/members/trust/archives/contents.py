"""What stands in an archive, sealed piece by piece: sealing it on the way in and opening it on the way out."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from services.members.trust.archives.models import Decision, Part, PassageRow, Piece
from services.members.trust.archives.others import Passage
from shared.access.sections import Section, as_text
from shared.secrets import Secrets

PIECE_BYTES = 256 * 1024
"""What one transaction writes of an archive: some milliseconds of the writer's time."""


class Gathered(msgspec.Struct, frozen=True):
    """All that was gathered. ``nothing_in`` are the titles of what was looked at and holds nothing of the person."""

    sections: Sequence[Section]
    nothing_in: Sequence[str]
    movement: str | None = None


class Found(msgspec.Struct, frozen=True):
    """A passage as whoever looks at it reads it: where it stands, its words, and what else stands in its row."""

    section: str
    column: str
    words: str
    beside: Mapping[str, str]


class Opened(NamedTuple):
    """A passage's row, and what was sealed in it."""

    row: PassageRow
    found: Found


def parts(movement: str, archive: str, gathered: Gathered, secrets: Secrets) -> list[Part]:
    """What was gathered as rows."""
    packed = zlib.compress(msgspec.json.encode(gathered))
    return [
        Part(
            movement=movement,
            archive=archive,
            number=number,
            sealed=secrets.seal(piece, bound_to=_place(movement, archive, "part", number)),
        )
        for number, piece in enumerate(_cut(packed), 1)
    ]


def gathered(movement: str, archive: str, sealed: Sequence[bytes], secrets: Secrets) -> Gathered:
    """What was gathered, out of its rows."""
    opened = (
        secrets.open(piece, bound_to=_place(movement, archive, "part", number))
        for number, piece in enumerate(sealed, 1)
    )
    return msgspec.json.decode(zlib.decompress(b"".join(opened)), type=Gathered)


def passage(movement: str, archive: str, number: int, found: Passage, section: Section, secrets: Secrets) -> PassageRow:
    """A passage as a row that nobody has looked at."""
    beside = {
        column.title: as_text(cell)
        for column, cell in zip(section.columns, section.rows[found.row], strict=True)
        if cell is not None and column is not section.columns[found.column]
    }
    read = Found(section.title, section.columns[found.column].title, found.words, beside)
    return PassageRow(
        movement=movement,
        archive=archive,
        number=number,
        section=found.section,
        row=found.row,
        column=found.column,
        why=found.why,
        sealed=secrets.seal(msgspec.json.encode(read), bound_to=_place(movement, archive, "passage", number)),
        decision=Decision.PENDING,
    )


def opened(row: PassageRow, secrets: Secrets) -> Opened:
    """A passage as whoever looks at it reads it."""
    content = secrets.open(row.sealed, bound_to=_place(row.movement, row.archive, "passage", row.number))
    return Opened(row, msgspec.json.decode(content, type=Found))


def pieces(movement: str, archive: str, file: bytes, secrets: Secrets) -> list[Piece]:
    """A finished file as rows."""
    return [
        Piece(
            movement=movement,
            archive=archive,
            number=number,
            sealed=secrets.seal(piece, bound_to=_place(movement, archive, "piece", number)),
        )
        for number, piece in enumerate(_cut(file), 1)
    ]


def opened_piece(movement: str, archive: str, number: int, sealed: bytes, secrets: Secrets) -> bytes:
    """A piece of a finished file."""
    return secrets.open(sealed, bound_to=_place(movement, archive, "piece", number))


def _cut(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), PIECE_BYTES):
        yield content[start : start + PIECE_BYTES]


def _place(movement: str, archive: str, kind: str, number: int) -> bytes:
    """What a ciphertext is bound to: a piece that is moved to another place does not open."""
    return f"{movement}/{archive}/{kind}/{number}".encode()
