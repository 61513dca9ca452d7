"""How the network is shown."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from services.members.community.circles.schemas import CircleId
from services.members.community.network.graphs import Measures
from services.members.community.ties.schemas import Side, TieId
from shared.fields import View


class Pair(View):
    """Two of the network."""

    first: Side
    second: Side

    @classmethod
    def of(cls, pair: tuple[str, str]) -> Self:
        """As it is shown."""
        return cls(first=pair[0], second=pair[1])


class Between(View):
    """How much somebody stands between others, in words: a figure would be read as a rank."""

    id: Side
    in_words: str


class Network(View):
    """What the ties that the caller may see say of one day."""

    on: date
    circle: CircleId | None
    members: Annotated[int, Field(description="people and organisations with a tie, and a circle's own")]
    ties: int
    density: Annotated[float | None, Field(description="of all pairs, the share with a tie; null below two members")]
    components: Annotated[list[list[Side]], Field(description="who is connected with whom, the largest first")]
    bridges: Annotated[list[Pair], Field(description="ties without which a component falls apart")]
    articulation_points: Annotated[list[Side], Field(description="those without whom a component falls apart")]
    between: list[Between]
    no_tie_recorded: Annotated[
        list[Pair] | None,
        Field(
            description="of a circle: pairs of organisations between which the caller sees no recorded tie. They may "
            "work together all the same. Null without a circle"
        ),
    ]

    @classmethod
    def of(
        cls, on: date, circle: str | None, ties: int, measures: Measures, unrecorded: list[tuple[str, str]] | None
    ) -> Self:
        """As it is shown."""
        return cls(
            on=on,
            circle=circle,
            members=sum(len(part) for part in measures.components),
            ties=ties,
            density=measures.density,
            components=measures.components,
            bridges=[Pair.of(pair) for pair in measures.bridges],
            articulation_points=measures.articulation_points,
            between=[Between(id=one, in_words=words) for one, words in measures.between.items()],
            no_tie_recorded=None if unrecorded is None else [Pair.of(pair) for pair in unrecorded],
        )


class Change(View):
    """The network before and after: what came and what went between two days."""

    before: Network
    after: Network
    ties_begun: list[TieId]
    ties_ended: list[TieId]
    joined: Annotated[list[Side], Field(description="in the network after, and not before")]
    left: Annotated[list[Side], Field(description="in the network before, and not after")]
