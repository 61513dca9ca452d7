"""What the demo tells at its end: what was added, what was proved, what can be read now, and where to look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from services.cli.demo.grants import AWARDS, Awarded
from services.cli.demo.tally import Tally

_PERIODS = ("2015/16", "2023/24")


class Rung(msgspec.Struct):
    """A rung of the ladder, how many stand on it, and how many only wait to be confirmed on it."""

    rung: str
    people: int
    awaiting_confirmation: int


class Ladder(msgspec.Struct):
    """The funnel."""

    rungs: list[Rung]


@dataclass(frozen=True)
class Report:
    """A run that came to its end."""

    tallies: Mapping[str, Tally]
    awarded: Awarded
    events: int | None
    """How many events arrived, every one verified and each of the feed; None where nobody watched."""
    series: Mapping[str, float | None]
    ladder: Ladder
    links: Mapping[str, str]

    def text(self) -> str:
        """It in words, for a terminal."""
        parts = (self._added(), self._proved(), self._figures(), self._funnel(), self._where())
        return "\n" + "\n\n".join("\n".join(f"  {line}" for line in part) for part in parts) + "\n"

    def _added(self) -> Iterator[str]:
        if not any(tally.new for tally in self.tallies.values()):
            yield "All of it was there already: nothing was added twice."
        yield f"{'':<28}{'new':>7}{'there before':>15}"
        for name, (new, before) in self.tallies.items():
            yield f"{name:<28}{new:>7,}{before:>15,}"

    def _proved(self) -> Iterator[str]:
        yield f"Awards     {AWARDS} paid and reported on: {self.awarded.paid} of the round's {self.awarded.budget},"
        traced = " and ".join(f"{pounds} of {funder}" for funder, pounds in self.awarded.funders.items())
        yield f"           {traced}, by the books"
        yield f"Open data  {self.awarded.published} grants by the standard of 360Giving, from the funders to the groups"
        if self.events is not None:
            events = "1 event" if self.events == 1 else f"{self.events:,} events"
            yield f"Webhooks   {events} arrived, every signature verified; the feed has the same {self.events:,}"

    def _figures(self) -> Iterator[str]:
        yield "Inactive adults in the Forest of Dean"
        for period in _PERIODS:
            yield f"  {period}  {self.series.get(period)} %"

    def _funnel(self) -> Iterator[str]:
        yield "The ladder"
        for step in self.ladder.rungs:
            waiting = f"   and {step.awaiting_confirmation} to be confirmed" if step.awaiting_confirmation else ""
            yield f"  {step.rung:<20}{step.people:>6,}{waiting}"

    def _where(self) -> Iterator[str]:
        for name, link in self.links.items():
            yield f"{name:<8} {link}"
