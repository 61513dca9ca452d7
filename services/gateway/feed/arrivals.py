"""Wakes those who wait for a movement's next event, as soon as it is committed here."""

import asyncio
from collections.abc import Iterable


class Arrivals:
    """One bell a movement. Take the bell, then look, then wait: what arrives in between has rung it already."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}

    def bell(self, movement: str) -> asyncio.Event:
        """The bell that the next arrival will ring, once."""
        return self._bells.setdefault(movement, asyncio.Event())

    def ring(self, movements: Iterable[str]) -> None:
        """Tell everybody who waits for these movements. Called on the event loop, after the commit."""
        for movement in movements:
            bell = self._bells.pop(movement, None)
            if bell is not None:
                bell.set()
