"""A programme's history in words: what the backbone did first, what it left to others, what it does now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.members.community.programmes.models import Programme, Role, RolePeriod

_DOES = {
    Role.DELIVER: ("deliver it", "delivers it"),
    Role.COMMISSION: ("commission it", "commissions it"),
    Role.HAND_OVER: ("hand it over", "hands it over"),
    Role.FACILITATE: ("facilitate", "facilitates"),
    Role.TRAIN: ("train others", "trains others"),
    Role.ADVISE: ("advise", "advises"),
    Role.GIVE_INSIGHT: ("give insight", "gives insight"),
    Role.EVALUATE: ("evaluate", "evaluates"),
    Role.BRING_IN_INVESTMENT: ("bring in investment", "brings in investment"),
    Role.RECOGNISE: ("recognise those who do it", "recognises those who do it"),
    Role.ADVOCATE: ("advocate", "advocates"),
}
"""How each role is said after `begins to` and after `no longer`."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A day on which the backbone's part changed: the roles that it has from then on, and the change in words."""

    on: date
    roles: Sequence[Role]
    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """The history of a programme, the oldest change first, and in one sentence how it is on a day."""

    chapters: Sequence[Chapter]
    now: str


def story(programme: Programme, today: date) -> Story:
    """The backbone's part in a programme, told. Changes that are planned for a later day are told as well."""
    turns = {period.starts_on for period in programme.roles}
    turns |= {period.ended_on for period in programme.roles if period.ended_on is not None}
    chapters = [_chapter(programme, on) for on in sorted(turns)]
    return Story([chapter for chapter in chapters if chapter is not None], _now(programme, today))


def _chapter(programme: Programme, on: date) -> Chapter | None:
    """What changed on a day; None where one period of a role only followed another."""
    ended = [period for period in programme.roles if period.ended_on == on]
    begun = [period for period in programme.roles if period.starts_on == on]
    goes_on = {period.role for period in ended} & {period.role for period in begun}
    left = [period for period in ended if period.role not in goes_on]
    taken_up = [period for period in begun if period.role not in goes_on]
    if not left and not taken_up:
        return None
    said = []
    if left:
        said.append(f"the backbone no longer {_list([_DOES[Role(period.role)][1] for period in left])}")
    if taken_up:
        who = "it" if left else "the backbone"
        said.append(f"{who} begins to {_list([_DOES[Role(period.role)][0] for period in taken_up])}")
    words = f"From {_day(on)} {'; '.join(said)}{_reasons(left, taken_up)}."
    return Chapter(on, [Role(period.role) for period in programme.roles_on(on)], words)


def _reasons(left: Sequence[RolePeriod], taken_up: Sequence[RolePeriod]) -> str:
    """Each reason that was given, once."""
    given = [period.ended_why for period in left] + [period.why for period in taken_up]
    reasons = dict.fromkeys(reason.rstrip(". ") for reason in given if reason)
    return f" ({'; '.join(reasons)})" if reasons else ""


def _now(programme: Programme, today: date) -> str:
    if programme.ended_on is not None and programme.ended_on <= today:
        return f"The programme ended on {_day(programme.ended_on)}."
    does = [_DOES[Role(period.role)][1] for period in programme.roles_on(today)]
    return f"Today the backbone {_list(does)}." if does else "Today the backbone has no part in it."


def _list(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _day(day: date) -> str:
    """As in `1 September 2015`."""
    return f"{day.day} {day:%B %Y}"
