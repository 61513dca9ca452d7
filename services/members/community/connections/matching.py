"""What of the map fits somebody, in which order, and why in words: pure, and the same whoever asks and whenever.

What people share comes first, then whether they can come at all, then how near it is, then where there is most room.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.members.community.assets.models import Asset, AssetTime, Scheme
from services.members.community.geography import Point

_NEAR, _SAME_DISTRICT, _UNKNOWN, _ELSEWHERE = range(4)
_UNCOUNTED = 10**6
"""Who does not count places stands behind whoever says that there are some, and is not left out."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """When somebody can come: a day, from and until a time of it where there is one."""

    day: str
    starts: str | None
    ends: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. Empty and None are not asked about."""

    interests: frozenset[str]
    free: Sequence[FreeTime]
    point: Point | None
    within_m: int | None
    district: str | None
    area: str | None
    languages: frozenset[str]
    access: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """Something that fits, and why, one sentence a reason."""

    asset: Asset
    reasons: tuple[str, ...]


def matches(wish: Wish, assets: Sequence[Asset]) -> list[Match]:
    """What fits, the best first. Everything that is asked about must fit, as far as the asset says anything of it."""
    fitting = [asset for asset in assets if _fits(wish, asset)]
    fitting.sort(key=lambda asset: _order(wish, asset))
    return [Match(asset, tuple(_reasons(wish, asset))) for asset in fitting]


def _fits(wish: Wish, asset: Asset) -> bool:
    if wish.interests and not _shared(wish, asset):
        return False
    if wish.free and asset.times and not _meetings(wish, asset):
        return False
    if wish.languages and asset.languages and not _spoken(wish, asset):
        return False
    if not wish.access <= set(asset.access):
        return False
    metres = _metres(wish, asset)
    return wish.within_m is None or metres is None or metres <= wish.within_m


def _order(wish: Wish, asset: Asset) -> tuple[int, int, int, int, int, str]:
    metres, places = _metres(wish, asset), asset.places_left
    return (
        -len(_shared(wish, asset)),
        -len(_meetings(wish, asset)),
        _nearness(wish, asset),
        0 if metres is None else metres,
        _UNCOUNTED if places is None else -places,
        asset.id,
    )


def _reasons(wish: Wish, asset: Asset) -> Iterator[str]:
    if shared := _shared(wish, asset):
        yield f"It is about {_listed([interest.replace('_', ' ') for interest in shared])}."
    for time in _meetings(wish, asset)[:1]:
        at = "" if time.starts is None else f" at {time.starts}"
        yield f"It is on {_which(time)} {time.day.capitalize()}{at}, when they are free."
    metres = _metres(wish, asset)
    if metres is not None:
        yield f"It is about {_far(metres)} away."
    elif _nearness(wish, asset) == _SAME_DISTRICT:
        yield "It is in their part of town."
    if spoken := _spoken(wish, asset):
        yield f"People there speak a language of theirs ({_listed(spoken)})."
    if wish.access:
        yield f"It says that it has what they need to take part ({_listed(_words(wish.access))})."
    if asset.places_left is not None:
        yield f"It has room for {asset.places_left} more."


def _shared(wish: Wish, asset: Asset) -> list[str]:
    return [term.term for term in asset.terms if term.scheme == Scheme.INTEREST and term.term in wish.interests]


def _spoken(wish: Wish, asset: Asset) -> list[str]:
    return [code for code in asset.languages if code.casefold() in wish.languages]


def _meetings(wish: Wish, asset: Asset) -> list[AssetTime]:
    """Its meetings that somebody can come to from their beginning to their end."""
    return [time for time in asset.times if any(_within(time, free) for free in wish.free)]


def _within(time: AssetTime, free: FreeTime) -> bool:
    if time.day != free.day:
        return False
    starts = time.starts or "00:00"
    ends = time.ends or starts
    return (free.starts or "00:00") <= starts and ends <= (free.ends or "24:00")


def _metres(wish: Wish, asset: Asset) -> int | None:
    """How far it is; not known of a group at risk, of which a distance would give away where it is."""
    if wish.point is None or asset.address_withheld or asset.latitude is None or asset.longitude is None:
        return None
    return wish.point.metres_to(Point(asset.latitude, asset.longitude))


def _nearness(wish: Wish, asset: Asset) -> int:
    if _metres(wish, asset) is not None:
        return _NEAR
    if wish.area is not None and asset.area is not None and wish.area.casefold() == asset.area.casefold():
        return _SAME_DISTRICT
    if asset.address_withheld or asset.district is None or wish.district is None:
        return _UNKNOWN
    return _SAME_DISTRICT if asset.district == wish.district else _ELSEWHERE


def _which(time: AssetTime) -> str:
    return {None: "every", -1: "every last", 1: "every first", 2: "every second", 3: "every third"}.get(
        time.week, "every fourth"
    )


def _far(metres: int) -> str:
    return f"{max(100, round(metres, -2))} metres" if metres < 950 else f"{metres / 1000:.1f} km"


def _words(slugs: frozenset[str]) -> list[str]:
    return sorted(slug.replace("_", " ") for slug in slugs)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
