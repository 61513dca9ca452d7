"""The border: what of a figure whoever asks may see. Every way out asks it, and nothing else decides.

Inside its own controller a figure is true, and not for sharing: the movement that runs the figures sees all of them, an
organisation its own. To everybody else a figure is what a release that stands shows of it, and nothing where none does.
So it does not matter what is asked, in which order, when, or as a chart: all that ever leaves are releases, and
those were attacked together before they did. What is reckoned from figures behind the border tells no more than these.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from services.measures.disclosure.sharing import Sharing
from services.measures.disclosure.tables import WITHHELD
from services.measures.observations.models import Observation
from services.measures.observations.store import Seen
from services.measures.releases import store as releases
from services.measures.releases.models import Audience, ReleaseFigure
from services.measures.series.store import Known
from shared.db.session import seen_by
from shared.partners.answering import every_id


class _Key(NamedTuple):
    """What a figure is about."""

    version: str
    place: str
    start: str
    cell: str
    reporter: str
    programme: str
    activity: str


def across(session: Session, movement: str, figures: Sequence[Known]) -> list[Known]:
    """The figures as whoever this session answers may see them, in the same order, each with its `sharing`.

    One that is not shown has the status `suppressed` and no amount. A key of the movement's own is inside.
    """
    organisation = seen_by(session)
    if organisation is None or not figures:
        return list(figures)
    own = every_id(session, movement, organisation)
    shown = _released(session, movement, [_of_known(each) for each in figures if each.reporter not in own])
    return [
        each if each.reporter in own else _as_released(each, shown.get(_of_known(each))) for each in figures
    ]  # fmt: skip


def across_revisions(session: Session, movement: str, seen: Sequence[Seen]) -> list[Seen]:
    """The same for a log of revisions: each is shown where a release that stands shows that very revision."""
    organisation = seen_by(session)
    if organisation is None or not seen:
        return list(seen)
    own = every_id(session, movement, organisation)
    others = [each.observation for each in seen if each.observation.reporter not in own]
    shown = {it.observation: it for it in _released(session, movement, [_of_row(row) for row in others]).values()}
    return [
        each if each.observation.reporter in own else _revision(each, shown.get(each.observation.id)) for each in seen
    ]  # fmt: skip


def _released(session: Session, movement: str, keys: Collection[_Key]) -> dict[_Key, ReleaseFigure]:
    """What stands released, by what it is about: what was published last, where several releases show it."""
    versions, places = {key.version for key in keys}, {key.place for key in keys}
    found = releases.shown_of(session, movement, versions, places, (Audience.PUBLIC, Audience.PARTNERS))
    return {
        _Key(it.measure_version, it.place, it.period_start, it.cell, it.reporter, it.programme, it.activity): it
        for it in found
    }  # fmt: skip


def _as_released(figure: Known, shown: ReleaseFigure | None) -> Known:
    if shown is None:
        return replace(figure, amount=WITHHELD, provenance=None, sharing=Sharing.WITHHELD)
    return replace(figure, amount=shown.amount, sharing=Sharing.RELEASED)


def _revision(seen: Seen, shown: ReleaseFigure | None) -> Seen:
    """A copy, which no session knows: what is stored stays as it is."""
    amount = WITHHELD if shown is None else shown.amount
    columns = {column.key: getattr(seen.observation, column.key) for column in inspect(Observation).columns}
    said = {name: getattr(amount, name) for name in ("value", "numerator", "denominator", "n", "sum_x", "sum_x2")}
    copy = Observation(**(columns | said | {"status": amount.status.value, "bound": amount.bound.value}))
    if shown is None:
        return Seen(copy, seen.recorded_at, None, None, Sharing.WITHHELD)
    return Seen(copy, seen.recorded_at, seen.provenance, seen.reason, Sharing.RELEASED)


def _of_known(it: Known) -> _Key:
    return _Key(it.version, it.place, it.start, it.cell, it.reporter, it.programme, it.activity)


def _of_row(it: Observation) -> _Key:
    return _Key(it.version, it.place, it.period_start, it.cell, it.reporter, it.programme, it.activity)
