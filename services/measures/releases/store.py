"""Every SQL statement about releases and their figures."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.observations.models import Amount
from services.measures.releases.models import MADE_PUBLIC, Audience, Release, ReleaseFigure, ReleaseStatus
from services.measures.series.store import Known
from services.measures.slices import slices

MOST_FIGURES = 5_000
"""Figures of one release: a plan for more would keep its maker waiting. Larger ones are made in parts."""


def add(session: Session, release: Release) -> None:
    """Enter a release."""
    session.add(release)
    session.flush()


def find(session: Session, movement: str, release: str, *, locked: bool = False) -> Release | None:
    """The release, or None; locked until the end of the transaction."""
    return session.get(Release, (movement, release), with_for_update=True if locked else None)


def lock_of_measure(session: Session, movement: str, measure: str) -> Sequence[Release]:
    """All releases of a measure, held until the commit: they are made public one after the other."""
    query = sa.select(Release).where(Release.movement == movement, Release.measure == measure)
    return session.scalars(query.order_by(Release.id).with_for_update().execution_options(populate_existing=True)).all()


def made_public(session: Session, movement: str, measure: str) -> Sequence[Release]:
    """All that readers have ever had of a measure, in the order in which they had it."""
    query = sa.select(Release).where(
        Release.movement == movement, Release.measure == measure, Release.status.in_(MADE_PUBLIC)
    )
    return session.scalars(query.order_by(Release.number)).all()


def page(
    session: Session, movement: str, *, measure: str | None, status: ReleaseStatus | None, audience: Audience | None,
    organisation: bool, updated_since: datetime | None, after: str, limit: int,
) -> Sequence[Release]:  # fmt: skip
    """Releases in the order in which they were drafted; `organisation`: only those that were made public."""
    query = sa.select(Release).where(Release.movement == movement, Release.id > after)
    for column, wanted in ((Release.measure, measure), (Release.status, status), (Release.audience, audience)):
        if wanted is not None:
            query = query.where(column == wanted)
    if organisation:
        query = query.where(Release.status.in_(MADE_PUBLIC))
    if updated_since is not None:
        query = query.where(Release.updated_at >= updated_since)
    return session.scalars(query.order_by(Release.id).limit(limit)).all()


def opened(session: Session, movement: str) -> Sequence[Release]:
    """The releases that anybody may read now, newest first."""
    query = sa.select(Release).where(
        Release.movement == movement, Release.audience == Audience.PUBLIC, Release.status == ReleaseStatus.PUBLISHED
    )
    return session.scalars(query.order_by(Release.published_at.desc(), Release.id)).all()


def delete(session: Session, release: Release) -> None:
    """Delete a release that nobody has had."""
    clear(session, release)
    session.delete(release)


def clear(session: Session, release: Release) -> None:
    """Delete what a check found before."""
    session.execute(
        sa.delete(ReleaseFigure).where(
            ReleaseFigure.movement == release.movement, ReleaseFigure.release == release.id
        )
    )  # fmt: skip


def add_figures(session: Session, release: Release, figures: Sequence[Known], amounts: Sequence[Amount]) -> None:
    """Keep what a release says of each of its figures, in their order."""
    rows = [
        {
            "movement": release.movement, "release": release.id, "position": position, "observation": known.id,
            "measure_version": known.version, "place": known.place, "period_start": known.start, "cell": known.cell,
            "reporter": known.reporter, "programme": known.programme, "activity": known.activity,
            "status": amount.status.value, "bound": amount.bound.value, "value": amount.value,
            "numerator": amount.numerator, "denominator": amount.denominator, "n": amount.n, "sum_x": amount.sum_x,
            "sum_x2": amount.sum_x2,
        }
        for position, (known, amount) in enumerate(zip(figures, amounts, strict=True))
    ]  # fmt: skip
    for few in slices(rows):
        session.execute(sa.insert(ReleaseFigure), few)


def observations_of(session: Session, movement: str, release: str) -> Sequence[str]:
    """The ids of the observations that a release shows, in their order."""
    query = sa.select(ReleaseFigure.observation).where(
        ReleaseFigure.movement == movement, ReleaseFigure.release == release
    )
    return session.scalars(query.order_by(ReleaseFigure.position)).all()


def shown_of(
    session: Session, movement: str, versions: Collection[str], places: Collection[str], audiences: Collection[Audience]
) -> Sequence[ReleaseFigure]:
    """What releases that stand say of figures of these versions and places, what was published last coming last."""
    found: list[ReleaseFigure] = []
    for few in slices(sorted(places)):
        query = (
            sa.select(ReleaseFigure)
            .join(
                Release, (Release.movement == ReleaseFigure.movement) & (Release.id == ReleaseFigure.release)
            )
            .where(
                ReleaseFigure.movement == movement, ReleaseFigure.measure_version.in_(versions),
                ReleaseFigure.place.in_(few), Release.status == ReleaseStatus.PUBLISHED,
                Release.audience.in_(audiences),
            )
            .order_by(Release.number)
        )  # fmt: skip
        found += session.scalars(query)
    return found
