"""Every SQL statement about assessments."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.assessments.models import Assessment, Finding, State


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which assessments; None is any. `organisations` are all ids of one."""

    framework: str | None = None
    place: str | None = None
    programme: str | None = None
    organisations: Collection[str] | None = None
    standing: str | None = None
    state: str | None = None
    updated_since: datetime | None = None


def get(session: Session, movement: str, assessment: str) -> Assessment | None:
    """The assessment, or None."""
    return session.get(Assessment, (movement, assessment))


def lock(session: Session, movement: str, assessment: str) -> Assessment | None:
    """The assessment, held until the end of the transaction."""
    return session.get(Assessment, (movement, assessment), with_for_update=True, populate_existing=True)


def page(session: Session, movement: str, *, chosen: Chosen, after: str, limit: int) -> Sequence[Assessment]:
    """Assessments in the order in which they were made, behind the one named `after`."""
    query = sa.select(Assessment).where(*_conditions(movement, chosen), Assessment.id > after)
    return session.scalars(query.order_by(Assessment.id).limit(limit)).all()


def findings(session: Session, movement: str, assessments: Collection[str]) -> Mapping[str, dict[str, Finding]]:
    """What these assessments find, by assessment and element."""
    query = sa.select(Finding).where(Finding.movement == movement, Finding.assessment.in_(assessments))
    found: dict[str, dict[str, Finding]] = {assessment: {} for assessment in assessments}
    for each in session.scalars(query):
        found[each.assessment][each.element] = each
    return found


def put_findings(session: Session, movement: str, assessment: str, rows: Sequence[Finding]) -> None:
    """Have these be all that an assessment finds."""
    here = Finding.movement == movement, Finding.assessment == assessment
    session.execute(sa.delete(Finding).where(*here).execution_options(synchronize_session="fetch"))
    session.add_all(rows)


def latest(session: Session, movement: str, chosen: Chosen, on: str | None) -> Sequence[str]:
    """The newest complete assessment of each subject and standing up to and including a day: their ids."""
    it = Assessment
    newest = (
        sa.func.row_number()
        .over(
            partition_by=(it.place, it.programme, it.organisation, it.standing),
            order_by=(it.assessed_on.desc(), it.id.desc()),
        )
        .label("newest")
    )
    query = sa.select(it.id, newest).where(*_conditions(movement, chosen), it.state == State.COMPLETE.value)
    if on is not None:
        query = query.where(it.assessed_on <= on)
    ranked = query.subquery()
    return session.scalars(sa.select(ranked.c.id).where(ranked.c.newest == 1)).all()


def levels(session: Session, movement: str, assessments: Collection[str]) -> Mapping[tuple[str, str], int]:
    """How many of these assessments judge an element to be at a level, by both; blanks are not among them."""
    query = (
        sa.select(Finding.element, Finding.level, sa.func.count())
        .where(Finding.movement == movement, Finding.assessment.in_(assessments), Finding.level.is_not(None))
        .group_by(Finding.element, Finding.level)
    )
    return {(element, level or ""): count for element, level, count in session.execute(query)}


def _conditions(movement: str, chosen: Chosen) -> Iterator[sa.ColumnElement[bool]]:
    it = Assessment
    yield it.movement == movement
    for column, wanted in (
        (it.framework, chosen.framework),
        (it.place, chosen.place),
        (it.programme, chosen.programme),
        (it.standing, chosen.standing),
        (it.state, chosen.state),
    ):
        if wanted is not None:
            yield column == wanted
    if chosen.organisations is not None:
        yield it.organisation.in_(chosen.organisations)
    if chosen.updated_since is not None:
        yield it.updated_at >= chosen.updated_since
