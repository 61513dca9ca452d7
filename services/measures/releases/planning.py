"""What a release holds, read off the store: its query's figures at its cut-off, and all that was made public before.

Releases are said again from here: the same observations, by the same plan, make the same bytes, whatever is known now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.disclosure import domain as profiles
from services.measures.disclosure.hierarchies import hierarchies
from services.measures.disclosure.models import Rule
from services.measures.disclosure.tables import WITHHELD, name_of, shown, table_of
from services.measures.measures import domain as measures
from services.measures.measures.models import Boundaries, MeasureVersion
from services.measures.observations.models import Amount
from services.measures.periods import PeriodType, parse
from services.measures.releases import store
from services.measures.releases.models import Release, StoredPlan
from services.measures.series import store as series
from services.measures.series.store import Cut, Known
from shared.disclosure import Nest, Plan, Table, protect, system_of
from shared.errors import Invalid
from shared.partners.answering import today


class TooLarge(Invalid):
    """The query finds more figures than one release holds."""

    code, title = "release_too_large", f"A release holds at most {store.MOST_FIGURES} figures; make it in parts"


class Gathered(NamedTuple):
    """The figures of a release in their order, their table, and the tables that were made public before it.

    `after` is the number of the last of these.
    """

    version: MeasureVersion
    rule: Rule
    figures: Sequence[Known]
    table: Table
    earlier: Sequence[Table]
    after: int


class Planned(NamedTuple):
    """A release, the rule that it follows, and its figures in their order."""

    release: Release
    rule: Rule
    figures: Sequence[Known]


class Verified(NamedTuple):
    """A release, and the hashes of its files as they are made now."""

    release: Release
    made: Mapping[str, str]


def gather(session: Session, movement: str, release: Release) -> Gathered:
    """Read what a release is to hold, and what came before it. Raises TooLarge."""
    version, rule = version_of(session, movement, release), rule_of(session, movement, release)
    query = release.query
    first, last = (_start(version, query[end]) for end in ("first", "last"))
    cut = Cut(
        [version.id], query["places"], query["cells"], first, last, query["reporter"], as_of=release.as_of
    )  # fmt: skip
    figures = series.figures(session, movement, cut, store.MOST_FIGURES)
    if figures is None:
        raise TooLarge()
    back_cast = version.boundaries == Boundaries.BACK_CAST
    lying = hierarchies(session, {figure.place for figure in figures})
    table = table_of(figures, version, rule.profile, lying, today(session, movement) if back_cast else None)
    before = store.made_public(session, movement, release.measure)
    earlier = [said_again(session, movement, each).table for each in before]
    after = max((each.number or 0 for each in before), default=0)
    return Gathered(version, rule, figures, table, earlier, after)


def plan(gathered: Gathered) -> Plan:
    """What to hide, given what was made public. Raises Unprotected. Up to a second of work, and pure."""
    return protect(system_of(gathered.table, gathered.earlier))


class SaidAgain(NamedTuple):
    """A release as it was: its figures, its table with what it hides, and what it shows of each."""

    version: MeasureVersion
    rule: Rule
    figures: Sequence[Known]
    table: Table
    amounts: Sequence[Amount]


def said_again(session: Session, movement: str, release: Release) -> SaidAgain:
    """A checked release from the observations that it was made of."""
    version, rule = version_of(session, movement, release), rule_of(session, movement, release)
    ids = store.observations_of(session, movement, release.id)
    known = series.by_id(session, movement, ids)
    figures = [known[each] for each in ids]
    table = table_of(figures, version, rule.profile, ())
    if release.plan is not None:
        names = [name_of(figure) for figure in figures]
        nests = [Nest(names[w], tuple(names[p] for p in parts), done) for w, parts, done in release.plan["nests"]]
        hidden = frozenset(names[position] for position in release.plan["hidden"])
        table = replace(table, nests=nests, hidden=hidden)
    return SaidAgain(version, rule, figures, table, shown(figures, table))


def stored(figures: Sequence[Known], table: Table, amounts: Sequence[Amount], secondary: int) -> StoredPlan:
    """A plan by the positions of its figures."""
    position = {name_of(figure): place for place, figure in enumerate(figures)}
    return StoredPlan(
        figures=len(figures),
        nests=[(position[whole], [position[part] for part in parts], done) for whole, parts, done in table.nests],
        hidden=sorted(position[name] for name in table.hidden),
        withheld=[place for place, amount in enumerate(amounts) if amount == WITHHELD],
        secondary=secondary,
    )


def version_of(session: Session, movement: str, release: Release) -> MeasureVersion:
    """The version by which a release's figures are to be read."""
    return measures.published_version(session, movement, release.measure_version)


def rule_of(session: Session, movement: str, release: Release) -> Rule:
    """The version of the profile that a release follows."""
    return profiles.read(session, movement, release.profile, release.profile_number)


def _start(version: MeasureVersion, period: str | None) -> str | None:
    if period is None:
        return None
    return parse(period, PeriodType(version.period_type), version.year_starts).start.isoformat()
