"""What a policy's selections find as the days go by: an activity is added once, and falls out of its windows by itself.

The same figures as the engine's :func:`~services.members.engagement.ladder.engine.tally` for every day in turn, without
looking at every activity again for each of them.
"""

from collections import Counter, deque
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from services.members.engagement.ladder.engine import Activity, Selection, Tally

T = TypeVar("T", date, str)


class Windows:
    """The windows of some selections. Activities are added in the order of their days, and days asked for in theirs."""

    def __init__(self, selections: Sequence[Selection]) -> None:
        self._windows = {selection: _Window(selection) for selection in selections}

    def add(self, activity: Activity) -> None:
        """Count an activity, wherever it is selected."""
        for window in self._windows.values():
            window.add(activity)

    def tallies(self, as_of: date) -> dict[Selection, Tally]:
        """What each selection finds up to a day, of the activities that were added."""
        return {selection: window.tally(as_of) for selection, window in self._windows.items()}


class _Window:
    __slots__ = ("_counterparts", "_days", "_inside", "_kinds", "_selection")

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._kinds = selection.kinds
        self._inside: deque[Activity] = deque()
        self._days: Counter[date] = Counter()
        self._counterparts: Counter[str] = Counter()

    def add(self, activity: Activity) -> None:
        if self._kinds and activity.kind not in self._kinds:
            return
        self._inside.append(activity)
        self._days[activity.on] += 1
        if activity.counterpart is not None:
            self._counterparts[activity.counterpart] += 1

    def tally(self, as_of: date) -> Tally:
        if self._selection.within_days is not None:
            self._let_go_before(self._selection.since(as_of))
        latest = self._inside[-1].on if self._inside else None
        return Tally(len(self._inside), len(self._days), len(self._counterparts), latest)

    def _let_go_before(self, since: date) -> None:
        while self._inside and self._inside[0].on < since:
            gone = self._inside.popleft()
            _count_down(self._days, gone.on)
            if gone.counterpart is not None:
                _count_down(self._counterparts, gone.counterpart)


def _count_down(counter: Counter[T], key: T) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
