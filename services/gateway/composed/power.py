"""The power audit: who has what part, and whether the five misperceptions of a backbone organisation are false here.

The five are those of *Becoming a backbone organisation: lessons from Gloucestershire*; a movement judges them in its
own words by the framework `misperceptions` of measures. What is judged here is figures alone: more than a share that is
set (`BACKBONE_POWER_SHARE`), or not. Without a figure nothing is said to be true or false.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeVar

import msgspec

from services.gateway.composed.asking import Ask, Section

POWER: Mapping[str, Ask] = {
    "shares": Ask("members", "/v1/control/shares", shows_nobody=True),
    "awards": Ask("grants", "/v1/awards/shares", shows_nobody=True),
    "funding": Ask("grants", "/v1/income/shares", shows_nobody=True),
}
"""Shares of agenda, decisions, roles, programmes and staff time; of what is awarded; and of what came in."""

Key = Literal[
    "sets_the_agenda", "drives_the_solutions", "receives_all_the_funding", "self_appointed", "business_as_usual"
]

STATEMENTS: Mapping[Key, str] = {
    "sets_the_agenda": "The backbone organisation sets the agenda for the group.",
    "drives_the_solutions": "The backbone organisation drives the solutions.",
    "receives_all_the_funding": "The backbone organisation receives all the funding.",
    "self_appointed": "The role of backbone can be self-appointed rather than selected by the community.",
    "business_as_usual": (
        "The role of backbone isn't fundamentally different from 'business as usual' in terms of staffing, time and "
        "resources."
    ),
}
_WORDS = {
    "agenda": "those who shaped the agenda",
    "decisions": "the decisions",
    "roles": "the roles",
    "programmes": "the programmes' leads",
    "awards": "what is awarded",
    "funding": "what came in",
    "delivery": "its own staff time in delivery",
}
"""By the name of a figure: of what it is the share."""

_FROM: Mapping[Key, Sequence[str]] = {
    "sets_the_agenda": ["shares"],
    "drives_the_solutions": ["shares", "awards"],
    "receives_all_the_funding": ["funding"],
    "self_appointed": ["shares"],
    "business_as_usual": ["shares"],
}
"""The sections of which each is judged."""

Figures = Mapping[str, float | None]
"""By what it is of: a share from 0 to 1, or a number; None where nobody noted any."""

T = TypeVar("T")


class Misperception(msgspec.Struct, frozen=True):
    """:class:`~services.gateway.composed.schemas.Misperception`."""

    key: Key
    statement: str
    holds: bool | None
    because: str
    figures: Figures


class _Part(msgspec.Struct):
    organisation: str | None
    share: float


class _Whole(msgspec.Struct):
    parts: Sequence[_Part]


class _Backbone(msgspec.Struct):
    organisation: str
    way: str
    chosen_by: Sequence[str]
    decided_by: str | None


class _Hours(msgspec.Struct):
    work: str
    hours: float


class _Shares(msgspec.Struct):
    """What `GET /v1/control/shares` answers, as far as it is read here."""

    backbones: Sequence[_Backbone]
    agenda: _Whole
    decisions: _Whole
    roles: _Whole
    programmes: _Whole
    staff_time: _Whole
    time_of_backbones: Sequence[_Hours]


class _Shared(msgspec.Struct):
    by: Sequence[_Part]


class _Awards(msgspec.Struct):
    """What `GET /v1/awards/shares` answers, as far as it is read here."""

    awards: Sequence[_Shared]


class _FundingOf(msgspec.Struct):
    share: float


class _Funding(msgspec.Struct):
    """What `GET /v1/income/shares` answers, as far as it is read here."""

    funding: Sequence[_FundingOf]


def misperceptions(sections: Mapping[str, Section], above: float) -> list[Misperception]:
    """Each misperception: true where a share is more than ``above``, false where none is, None without a figure."""
    shares, awards = _read(sections["shares"], _Shares), _read(sections["awards"], _Awards)
    funding = _read(sections["funding"], _Funding)
    received = None if funding is None else max((each.share for each in funding.funding), default=None)
    figures: dict[Key, Figures] = {
        "sets_the_agenda": {"agenda": None if shares is None else _of_backbones(shares, shares.agenda.parts)},
        "drives_the_solutions": _of_solutions(shares, awards),
        "receives_all_the_funding": {"funding": received},
        "business_as_usual": {"delivery": None if shares is None else _delivery(shares.time_of_backbones)},
    }
    missing = {
        key: "; ".join(f"{name}: {sections[name].reason}" for name in names if sections[name].content is None)
        for key, names in _FROM.items()
    }
    found = {key: _by_shares(key, told, above, missing[key]) for key, told in figures.items()}
    found["self_appointed"] = _self_appointed(shares, missing["self_appointed"])
    return [found[key] for key in STATEMENTS]


def _by_shares(key: Key, figures: Figures, above: float, missing: str) -> Misperception:
    """True where a share is large enough; false where none is, and none could be that is away at the moment."""
    known = {name: share for name, share in figures.items() if share is not None}
    holds = any(share > above for share in known.values())
    if not known or (missing and not holds):
        nothing = "nothing is noted, or no mandate says who the backbone is"
        return Misperception(key, STATEMENTS[key], None, missing or nothing, figures)
    said = ", ".join(f"{share:.0%} of {_WORDS[name]}" for name, share in known.items())
    return Misperception(key, STATEMENTS[key], holds, f"the backbone has {said}; more than {above:.0%} counts", figures)


def _of_solutions(shares: _Shares | None, awards: _Awards | None) -> Figures:
    decided = None if awards is None else max((_own_hand(shares, each.by) for each in awards.awards), default=None)
    if shares is None:
        return {"decisions": None, "roles": None, "programmes": None, "awards": decided}
    parts = {"decisions": shares.decisions, "roles": shares.roles, "programmes": shares.programmes}
    return {name: _of_backbones(shares, whole.parts) for name, whole in parts.items()} | {"awards": decided}


def _of_backbones(shares: _Shares, parts: Sequence[_Part]) -> float | None:
    """The share of all backbones together; None where there is nothing, or no mandate says who they are."""
    if not parts or not shares.backbones:
        return None
    return _sum(part.share for part in parts if part.organisation in _organisations(shares))


def _own_hand(shares: _Shares | None, by: Sequence[_Part]) -> float:
    """What is awarded by a backbone, or by the movement itself because nobody was given the power to."""
    own = {None, *(() if shares is None else _organisations(shares))}
    return _sum(part.share for part in by if part.organisation in own)


def _organisations(shares: _Shares) -> set[str | None]:
    return {backbone.organisation for backbone in shares.backbones}


def _self_appointed(shares: _Shares | None, missing: str) -> Misperception:
    key: Key = "self_appointed"
    if shares is None or not shares.backbones:
        because = missing or "no mandate is noted"
        return Misperception(key, STATEMENTS[key], None, because, {"mandates": None, "chosen_by": None})
    own = _organisations(shares)
    others = {giver for backbone in shares.backbones for giver in backbone.chosen_by} - own
    alone = [each for each in shares.backbones if each.way == "self_appointed" or not _chosen(each, others)]
    because = f"mandates: {len(shares.backbones)}; others who gave them: {len(others)}; its own choice: {len(alone)}"
    return Misperception(
        key, STATEMENTS[key], bool(alone), because, {"mandates": len(shares.backbones), "chosen_by": len(others)}
    )


def _chosen(backbone: _Backbone, others: set[str]) -> bool:
    return backbone.decided_by is not None or not others.isdisjoint(backbone.chosen_by)


def _delivery(hours: Sequence[_Hours]) -> float | None:
    """The share of a backbone's own staff time that delivers services as ever."""
    whole = sum(each.hours for each in hours)
    return round(sum(each.hours for each in hours if each.work == "delivery") / whole, 4) if whole else None


def _sum(shares: Iterable[float]) -> float:
    return min(1.0, round(sum(shares), 4))


def _read(section: Section, to: type[T]) -> T | None:
    if section.content is None:
        return None
    try:
        return msgspec.json.decode(section.content, type=to)
    except msgspec.DecodeError:
        return None
