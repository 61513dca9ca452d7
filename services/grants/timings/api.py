"""The route of timings."""

from services.grants.fields import RoundId
from services.grants.timings import domain
from services.grants.timings.schemas import Timings
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["rounds"])


@router.get("/v1/rounds/{round_id}/timings", **needs("rounds:read"))
async def get_timings(round_id: RoundId, call: Call) -> Timings:
    """Days from the closing of a round to money in the bank: the median, and each award."""
    return Timings.of(await call.read(domain.timings_of, round_id))
