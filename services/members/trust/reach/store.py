"""Every SQL statement about reach: populations, postcodes, who takes part, and what was published."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.people.models import MergedPerson, Person
from services.members.engagement.activities.models import Activity
from services.members.engagement.memberships.models import Membership, State
from services.members.trust.reach.models import PostcodeDecile, ReachReport, ReferencePopulation
from shared.db.hot import hot

_AT_ONCE = 5_000
_keep_postcode = hot(
    sa.text(
        "INSERT INTO postcode_deciles (movement, directory, postcode, decile)"
        " VALUES (:movement, :directory, :postcode, :decile)"
        " ON CONFLICT (movement, directory, postcode) DO UPDATE SET decile = excluded.decile"
    )
)


def add(session: Session, row: ReferencePopulation | ReachReport) -> None:
    """Insert a row."""
    session.add(row)


def population(session: Session, movement: str, population: str, *, locked: bool = False) -> ReferencePopulation | None:
    """One reference population."""
    return session.get(ReferencePopulation, (movement, population), with_for_update=locked or None)


def named(session: Session, movement: str, name: str, edition: str) -> ReferencePopulation | None:
    """The population of a name in an edition."""
    query = sa.select(ReferencePopulation).where(
        ReferencePopulation.movement == movement,
        ReferencePopulation.name == name,
        ReferencePopulation.edition == edition,
    )
    return session.scalar(query)


def list_populations(session: Session, movement: str, *, after: After, limit: int) -> Sequence[ReferencePopulation]:
    """Populations in the order in which they were entered."""
    query = sa.select(ReferencePopulation).where(ReferencePopulation.movement == movement)
    return session.scalars(page(query, ReferencePopulation.id, after, limit)).all()


def keep_postcodes(session: Session, movement: str, directory: str, deciles: Mapping[str, int]) -> None:
    """Insert postcodes of an edition, or put right those that are there."""
    about = {"movement": movement, "directory": directory}
    _keep_postcode.many(session, [about | {"postcode": each, "decile": decile} for each, decile in deciles.items()])


def has_postcodes(session: Session, movement: str, directory: str) -> bool:
    """Whether any postcode of the edition is loaded."""
    query = sa.select(PostcodeDecile.postcode).where(
        PostcodeDecile.movement == movement, PostcodeDecile.directory == directory
    )
    return session.scalar(query.limit(1)) is not None


def deciles(
    session: Session, movement: str, directory: str, who: sa.Select[str]
) -> Iterator[tuple[str | None, int | None]]:
    """The postcode and the decile of each of some people, None where it is not known; in slices."""
    compact = sa.func.replace(Person.postcode, " ", "")
    there = sa.and_(
        PostcodeDecile.movement == movement, PostcodeDecile.directory == directory, PostcodeDecile.postcode == compact
    )
    query = sa.select(Person.postcode, PostcodeDecile.decile).select_from(Person).outerjoin(PostcodeDecile, there)
    query = query.where(Person.movement == movement, Person.id.in_(who))
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield row[0], row[1]


def ids(session: Session, movement: str, who: sa.Select[str]) -> Mapping[str, str]:
    """By every id that some people ever had, the one that they have now."""
    now = {person: person for person in session.scalars(who)}
    merged = sa.select(MergedPerson.merged, MergedPerson.person).where(
        MergedPerson.movement == movement, MergedPerson.person.in_(who)
    )
    return now | dict(session.execute(merged).all())


def members(movement: str, before: datetime, only: sa.ColumnElement[bool]) -> sa.Select[str]:
    """Those who had joined by then and have not left, as a query."""
    joined = sa.select(Membership.person).where(
        Membership.movement == movement,
        Membership.person.is_not(None),
        Membership.joined_at < before,
        Membership.state != State.LEFT,
    )
    return sa.select(Person.id).where(Person.movement == movement, Person.id.in_(joined), only)


def active(movement: str, first: date, last: date, only: sa.ColumnElement[bool]) -> sa.Select[str]:
    """Those who did something that counts on a day from the first to the last, as a query."""
    did = sa.select(Activity.person).where(
        Activity.movement == movement, Activity.on >= first, Activity.on <= last, Activity.voided_at.is_(None)
    )
    return sa.select(Person.id).where(Person.movement == movement, Person.id.in_(did), only)


def published(session: Session, movement: str, population: str, who: str, period: str) -> ReachReport | None:
    """What was published of these already."""
    query = sa.select(ReachReport).where(
        ReachReport.movement == movement,
        ReachReport.population == population,
        ReachReport.who == who,
        ReachReport.period == period,
    )
    return session.scalar(query)


def report(session: Session, movement: str, report: str) -> ReachReport | None:
    """One report."""
    return session.get(ReachReport, (movement, report))


def list_reports(
    session: Session, movement: str, *, population: str | None, after: After, limit: int
) -> Sequence[tuple[ReachReport, ReferencePopulation]]:
    """What was published, with its population, the first one first."""
    of = sa.and_(ReferencePopulation.movement == ReachReport.movement, ReferencePopulation.id == ReachReport.population)
    query = sa.select(ReachReport, ReferencePopulation).join(ReferencePopulation, of)
    query = query.where(ReachReport.movement == movement)
    if population is not None:
        query = query.where(ReachReport.population == population)
    return [(row[0], row[1]) for row in session.execute(page(query, ReachReport.id, after, limit))]
