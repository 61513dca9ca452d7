"""The ladder once more, as plainly as it can be said: every day is gone through, and counted from scratch.

It shares nothing with what it checks but the rules as the API takes them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shared.testing.caller import Json

RUNGS = ("observer", "follower", "active_participant", "champion", "co_owner")


@dataclass(frozen=True)
class Deed:
    """Something that somebody did on a day, perhaps with somebody."""

    on: date
    kind: str
    counterpart: str | None = None


@dataclass(frozen=True)
class Ladder:
    """A movement's rules and pace, as they were sent, and the days of its reviews."""

    rules: Json
    pace: dict[str, int]
    reviews: Collection[date]

    def computed(self, joined: date, deeds: Sequence[Deed], today: date) -> str:
        """The rung that somebody's deeds have taken them to by the evening of a day."""
        stands, short_since = 0, None
        for day in (joined + timedelta(days=number) for number in range((today - joined).days + 1)):
            if day in self.reviews:
                stands, short_since = self._reviewed(stands, short_since, deeds, day)
            if day == joined or any(deed.on == day for deed in deeds):
                stands = max(stands, self._reached(deeds, day, 0))
        return RUNGS[stands]

    def _reviewed(
        self, stands: int, short_since: date | None, deeds: Sequence[Deed], day: date
    ) -> tuple[int, date | None]:
        eve = day - timedelta(days=1)
        kept = min(stands, self._reached(deeds, eve, self.pace["keep_days_longer"]))
        if kept == stands:
            return stands, None
        since = short_since or day
        if (day - since).days < self.pace["grace_days"]:
            return stands, since
        return kept, None

    def _reached(self, deeds: Sequence[Deed], as_of: date, longer: int) -> int:
        height = 0
        for rung in RUNGS[1:]:
            if not all(_met(rule, deeds, as_of, longer) for rule in self.rules[rung]):
                break
            height += 1
        return height


def _met(rule: Json, deeds: Sequence[Deed], as_of: date, longer: int) -> bool:
    counted = [deed for deed in deeds if deed.on <= as_of]
    if rule.get("kinds"):
        counted = [deed for deed in counted if deed.kind in rule["kinds"]]
    if rule.get("within_days"):
        counted = [deed for deed in counted if (as_of - deed.on).days < rule["within_days"] + longer]
    found = {
        "activities": len(counted),
        "distinct_days": len({deed.on for deed in counted}),
        "distinct_counterparts": len({deed.counterpart for deed in counted} - {None}),
    }
    return all(found[what] >= int(rule.get(what, 0)) for what in found)
