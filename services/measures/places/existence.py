"""Whether there was a place in a period, so that it can have a figure there. Pure."""

from services.measures.measures.models import Boundaries
from services.measures.periods import Period
from services.measures.places.models import Span


def not_there(span: Span, period: Period, boundaries: Boundaries) -> str | None:
    """Why there can be no figure of a place in a period, in words; None where there can.

    With back-cast boundaries, as those of the Active Lives Survey, a place of today also has figures of the years
    before it existed; no place has them of the time after it was abolished.
    """
    if span.ended_before(period.start):
        return f"was abolished on {span.valid_to}, before the period"
    if boundaries is not Boundaries.BACK_CAST and not span.began_by(period.end):
        return f"exists from {span.valid_from}, after the period, and the version is not back-cast"
    return None
