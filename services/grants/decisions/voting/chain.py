"""The chain of a vote: from its rules and its boxes through every ballot to one digest, which is announced.

A ballot that is taken away, altered or added afterwards breaks it. ``recount.py`` reckons the same by itself.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Rules(NamedTuple):
    """What a vote, or a draw, was held under; ``options`` are applications, each with its place."""

    options: Sequence[tuple[str, str | None]]
    dots: int
    most_on_one: int
    first_places: Sequence[str]
    seed_digest: str

    def told(self) -> dict[str, object]:
        """As it stands in the record."""
        options = [{"application": application, "place": place} for application, place in self.options]
        return {**self._asdict(), "options": options, "first_places": list(self.first_places)}


class Box(NamedTuple):
    """A box of paper ballots as two tellers agreed on it; dots of nobody are left out."""

    ballots: int
    dots: Mapping[str, int]

    def told(self) -> dict[str, object]:
        """As it stands in the record."""
        return {"ballots": self.ballots, "dots": {key: dots for key, dots in self.dots.items() if dots}}


def beginning(rules: Rules, paper: Sequence[Box], voted_online: int) -> str:
    """The first link."""
    return _digest(
        _written({"rules": rules.told(), "paper": [box.told() for box in paper], "voted_online": voted_online})
    )


def linked(link: str, receipt: str, dots: Mapping[str, int]) -> str:
    """The link of a ballot to the one before it."""
    return _digest(link + _written({"receipt": receipt, "dots": dict(dots)}))


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
