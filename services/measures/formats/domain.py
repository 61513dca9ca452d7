"""What leaves as a file: the figures of one version as they are known, or were, with what their reader has to know."""

from sqlalchemy.orm import Session

from services.measures.disclosure.border import across_revisions
from services.measures.formats.models import Dataset, Row
from services.measures.measures import domain as measures
from services.measures.measures.models import RATIO_UNITS
from services.measures.observations import store
from services.measures.observations.store import Seen, Wanted
from services.measures.periods import Period, PeriodType, parse
from shared.errors import Invalid

MOST_FIGURES = 100_000


class TooManyFigures(Invalid):
    """The file would be larger than one answer."""

    code, title = "too_many_figures", f"The file would have more than {MOST_FIGURES} figures; ask for fewer periods"


def dataset(session: Session, movement: str, version: str, wanted: Wanted) -> Dataset:
    """The figures of a version that are wanted, in the order of their keys. Raises NotFound and TooManyFigures.

    To an organisation those of others are as a release shows them.
    """
    found = measures.published_version(session, movement, version)
    measure = measures.read_measure(session, found.movement, found.measure)
    seen = store.in_order(session, movement, wanted._replace(version=version), MOST_FIGURES + 1)
    if len(seen) > MOST_FIGURES:
        raise TooManyFigures()
    seen = across_revisions(session, movement, seen)
    period_type, periods = PeriodType(found.period_type), dict[str, Period]()
    for one in seen:
        text = one.observation.period
        if text not in periods:
            periods[text] = parse(text, period_type, found.year_starts)
    return Dataset(
        version=found.id, key=measure.key, title=measure.title, description=measure.description, unit=found.unit,
        scale=RATIO_UNITS.get(found.unit), period_type=period_type, year_starts=found.year_starts,
        rows=[_row(one, periods[one.observation.period]) for one in seen],
    )  # fmt: skip


def _row(seen: Seen, period: Period) -> Row:
    it = seen.observation
    return Row(
        reporter=it.reporter, place=it.place, period=period, cell=it.cell, programme=it.programme, activity=it.activity,
        amount=it.amount, revision=it.revision, recorded_at=seen.recorded_at.isoformat().replace("+00:00", "Z"),
        provenance=seen.provenance,
    )  # fmt: skip
