"""What a framework says: its elements and links, the words of its scale, what is expected at which stage. Pure.

A version of a framework is such a document, stored whole: it never changes, so nothing in it is looked for by SQL.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Self

import msgspec

from shared.errors import Fault


class Kind(StrEnum):
    """What sort of framework it is."""

    LIST = "list"
    STAGES = "stages"
    THEORY_OF_CHANGE = "theory_of_change"
    SYSTEMS_MAP = "systems_map"


GRAPHS = frozenset({Kind.THEORY_OF_CHANGE, Kind.SYSTEMS_MAP})
"""The kinds whose elements are joined by links."""


class Level(msgspec.Struct, frozen=True):
    """A word of the scale that elements are judged by. Not having been judged is no level."""

    key: str
    title: str
    description: str = ""


class Stage(msgspec.Struct, frozen=True):
    """A stage of a movement's life, of which a framework may expect something else than of the one before."""

    key: str
    title: str


class Element(msgspec.Struct, frozen=True):
    """One of the things that a framework names; `parts` are what it consists of, in words.

    `expected` is the level, by its key, that is expected at a stage, by that one's key. `measures` are the ids of
    those that say how it is with it.
    """

    key: str
    title: str
    description: str = ""
    parts: Sequence[str] = ()
    expected: Mapping[str, str] = {}
    measures: Sequence[str] = ()


class Link(msgspec.Struct, frozen=True):
    """That one element leads to another: more of it brings more, or (`opposite`) less; `delayed`, only after a while.

    `assumption` is what has to be so for that. `feedback` marks it as leading back (see :mod:`.graphs`).
    """

    cause: str
    effect: str
    feedback: bool = False
    opposite: bool = False
    delayed: bool = False
    assumption: str = ""


class Content(msgspec.Struct, frozen=True):
    """All that a version of a framework says. The scale begins with its lowest level, the stages with the first."""

    title: str
    description: str
    source: str
    scale: Sequence[Level]
    stages: Sequence[Stage]
    elements: Sequence[Element]
    links: Sequence[Link] = ()

    @classmethod
    def stored(cls, document: object) -> Self:
        """What was stored as JSON."""
        return msgspec.convert(document, cls)

    def document(self) -> dict[str, object]:
        """The same, to be stored as JSON."""
        built: dict[str, object] = msgspec.to_builtins(self)
        return built


def faults(kind: Kind, content: Content) -> list[Fault]:
    """Everything that is wrong with a framework, by the pointer of its place."""
    found = [
        *_twice("/scale", [level.key for level in content.scale]),
        *_twice("/stages", [stage.key for stage in content.stages]),
        *_twice("/elements", [element.key for element in content.elements]),
        *_expectations(content),
    ]
    if kind is Kind.STAGES and not content.stages:
        found.append(Fault("/stages", "a framework by stages has at least one", "no_stages"))
    if kind is not Kind.STAGES and content.stages:
        found.append(Fault("/stages", f"a framework of the kind {kind} has none", "no_stages_here"))
    return found


def _twice(pointer: str, keys: Sequence[str]) -> Iterator[Fault]:
    for at, key in enumerate(keys):
        if key in keys[:at]:
            yield Fault(f"{pointer}/{at}/key", "is there twice", "key_repeated")


def _expectations(content: Content) -> Iterator[Fault]:
    stages, levels = {stage.key for stage in content.stages}, {level.key for level in content.scale}
    for at, element in enumerate(content.elements):
        for stage, level in element.expected.items():
            pointer = f"/elements/{at}/expected/{stage}"
            if stage not in stages:
                yield Fault(pointer, "is no stage of this framework", "unknown_stage")
            elif level not in levels:
                yield Fault(pointer, "is no level of this framework's scale", "unknown_level")
