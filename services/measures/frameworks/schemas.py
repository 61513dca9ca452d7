"""Frameworks as they are sent and answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

import msgspec
from pydantic import ConfigDict, Field

from services.measures.fields import Key, MeasureId, Text
from services.measures.frameworks import graphs
from services.measures.frameworks.content import Content, Kind
from services.measures.frameworks.domain import Shown
from shared.editing import Changes
from shared.fields import Body, Name, View, line

FrameworkKey = Annotated[str, line(80)]
"""In a path, where any word that is no framework's key is simply not there."""
MOST_VERSIONS = 1_000_000


class Level(Body):
    """A word of the scale."""

    model_config = ConfigDict(from_attributes=True)

    key: Key = Field(examples=["beginning"])
    title: Name = Field(examples=["Beginning"])
    description: Text = ""


class Stage(Body):
    """A stage of a movement's life."""

    model_config = ConfigDict(from_attributes=True)

    key: Key = Field(examples=["early"])
    title: Name = Field(examples=["Early stage"])


class Element(Body):
    """One of the things that a framework names."""

    model_config = ConfigDict(from_attributes=True)

    key: Key = Field(examples=["shifting_control"])
    title: Name = Field(examples=["Shifting control"])
    description: Text = ""
    parts: list[Name] = Field([], max_length=30, description="What it consists of, in words.")
    expected: dict[Key, Key] = Field({}, description="The level that is expected, by stage.", max_length=10)
    measures: list[MeasureId] = Field([], max_length=20, description="The measures that say how it is with it.")


class Link(Body):
    """That one element leads to another."""

    model_config = ConfigDict(from_attributes=True)

    cause: Key
    effect: Key
    feedback: bool = Field(
        False, description="In a theory of change: it leads back to what brought it about. Cycles need such a mark."
    )
    opposite: bool = Field(False, description="More of the cause brings less of the effect.")
    delayed: bool = Field(False, description="It shows only after a while.")
    assumption: Text = Field("", description="What has to be so for the one to lead to the other.")


Scale = Annotated[
    list[Level],
    Field(max_length=10, description="What an element can be judged to be, the lowest first. Blank is none of them."),
]
Stages = Annotated[list[Stage], Field(max_length=10, description="The first stage first; only of the kind `stages`.")]
Elements = Annotated[list[Element], Field(min_length=1, max_length=200)]
Links = Annotated[
    list[Link],
    Field(max_length=1000, description="What leads to what; only of the kinds `theory_of_change` and `systems_map`."),
]


class NewFramework(Body):
    """A framework of the movement's own."""

    key: Key = Field(description="A stable word for it, unique in the movement.", examples=["our_values"])
    kind: Kind = Kind.LIST
    title: Name
    description: Text = ""
    source: Text = Field("", description="Where it is from.")
    scale: Scale = Field([])
    stages: Stages = Field([])
    elements: Elements
    links: Links = Field([])

    def content(self) -> Content:
        """What its first version says."""
        return msgspec.convert(self.model_dump(exclude={"key", "kind"}), Content)


class FrameworkChanges(Changes):
    """What the next version says otherwise. A list is sent whole."""

    title: Name | None = None
    description: Text | None = None
    source: Text | None = None
    scale: Scale | None = None
    stages: Stages | None = None
    elements: Elements | None = None
    links: Links | None = None

    def sent(self, said: Content) -> Content:
        """What was said, but for the fields that were sent."""
        kept: dict[str, object] = msgspec.to_builtins(said)
        return msgspec.convert(kept | self.model_dump(exclude_unset=True), Content)


class Framework(View):
    """A framework as it is in one of its versions."""

    key: str
    kind: Kind
    version: int = Field(description="Counted from 1. Every earlier one can be read.")
    standard: bool = Field(description="Whether every movement begins with it.")
    changed_at: datetime | None = Field(description="Null while it is as it came with the software.")
    title: str
    description: str
    source: str
    scale: list[Level]
    stages: list[Stage]
    elements: list[Element]
    links: list[Link]

    @classmethod
    def of(cls, shown: Shown) -> Self:
        said = shown.content
        return cls(
            key=shown.key, kind=shown.kind, version=shown.version, standard=shown.standard,
            changed_at=shown.changed_at, title=said.title, description=said.description, source=said.source,
            scale=[Level.model_validate(level) for level in said.scale],
            stages=[Stage.model_validate(stage) for stage in said.stages],
            elements=[Element.model_validate(element) for element in said.elements],
            links=[Link.model_validate(link) for link in said.links],
        )  # fmt: skip


class Loop(View):
    """A way round: each element leads to the next, and the last to the first."""

    elements: list[str]
    reinforcing: bool = Field(
        description="A push comes back as a push, and grows. Otherwise the loop balances: a push comes back as a pull."
    )
    delayed: bool = Field(description="A link of it shows only after a while.")
    feedback: bool = Field(description="A link of it is marked as feedback.")

    @classmethod
    def of(cls, loop: graphs.Loop) -> Self:
        return cls(
            elements=list(loop.elements), reinforcing=loop.reinforcing, delayed=loop.delayed, feedback=loop.marked
        )


class Loops(View):
    """The loops of a framework, the shortest first."""

    data: list[Loop]
    complete: bool = Field(description="Whether these are all of them.")

    @classmethod
    def of(cls, found: Sequence[graphs.Loop]) -> Self:
        shown = found[: graphs.MOST_LOOPS]
        return cls(data=[Loop.of(loop) for loop in shown], complete=len(shown) == len(found))
