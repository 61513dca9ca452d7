"""What composed reads answer: sections, each saying how it is, how old, and where it comes from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, create_model

from services.gateway.composed.asking import Ask, Status
from services.gateway.composed.power import POWER, Key
from shared.fields import View

C = TypeVar("C")


class Section(View, Generic[C]):
    """One part of a composed read. Without a content the `reason` says why; with one that is `stale` too."""

    status: Status
    source: Annotated[str, Field(description="`projection`, or the service that was asked just now")]
    as_of: Annotated[datetime | None, Field(description="how old the content is: of a projection, its latest event")]
    stale: Annotated[
        bool,
        Field(description="it lacks what is newer: a key is parked, the log is away, or it is what was answered last"),
    ]
    reason: Annotated[str | None, Field(description="why it could not be had just now")] = None
    content: C | None


def profile_of(noun: str, subject: object, asks: Mapping[str, Ask], *, called: str = "profile") -> type[View]:
    """The model of what is told together of one such thing: its id, and a section for each of these questions."""
    parts: dict[str, Any] = {
        name: (Section[dict[str, object]], Field(description=f"`{asked.route}`")) for name, asked in asks.items()
    }
    sections = create_model(
        f"{noun.title()}Sections", __base__=View, __doc__="The parts, each with what its route answers.", **parts
    )
    whole: dict[str, Any] = {noun: (subject, ...), "sections": (sections, ...)}
    doc = f"What is told together of one {noun}."
    return create_model(f"{noun.title()}{called.title()}", __base__=View, __doc__=doc, **whole)


Kind = Literal["people", "organisations", "assets", "knowledge", "measures", "rounds", "awards"]
"""What the search looks for; a test holds it to what it looks through."""


class Found(View):
    """What was found, by its kind."""

    q: str
    sections: dict[Kind, Section[dict[str, object]]]


class Functions(View):
    """What is alive under each of the six functions, by `function.part`, such as `mobilise_funding.rounds`."""

    movement: str
    sections: dict[str, Section[dict[str, object]]]


class Misperception(View):
    """One of the five misperceptions of a backbone organisation, and what the figures say of it."""

    key: Annotated[Key, Field(description="as in the framework `misperceptions`, in which a movement judges by itself")]
    statement: Annotated[str, Field(description="what is wrongly thought")]
    holds: Annotated[bool | None, Field(description="whether it is so here; null where there is no figure to tell by")]
    because: str
    figures: Annotated[
        dict[str, float | None], Field(description="shares from 0 to 1 of the backbone's, or numbers; null: none noted")
    ]


class PowerSections(View):
    """The parts, each with what its route answers."""

    shares: Annotated[Section[dict[str, object]], Field(description=f"`{POWER['shares'].route}`")]
    awards: Annotated[Section[dict[str, object]], Field(description=f"`{POWER['awards'].route}`")]
    funding: Annotated[Section[dict[str, object]], Field(description=f"`{POWER['funding'].route}`")]


class Power(View):
    """Who has what part in a movement, and whether the five misperceptions are false."""

    movement: str
    misperceptions: list[Misperception]
    sections: PowerSections
