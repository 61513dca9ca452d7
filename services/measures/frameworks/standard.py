"""The frameworks that every movement begins with, read from `seeds/`: what the founding documents say, as data.

A movement that changes one has its own from then on; until then it sees these, and so what becomes of them.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from services.measures.frameworks.content import Content, Kind

_FOLDER = Path(__file__).parent / "seeds"


class Standard(msgspec.Struct, frozen=True):
    """A framework as it comes with the software: its key is its file's name."""

    kind: Kind
    content: Content


@cache
def standard() -> Mapping[str, Standard]:
    """All of them, by key."""
    files = sorted(_FOLDER.glob("*.json"))
    return {file.stem: msgspec.json.decode(file.read_bytes(), type=Standard) for file in files}
