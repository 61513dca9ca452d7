"""What erasing somebody does here: stories of them go, and what was written about definitions and figures may speak of
them. Figures stay."""

from sqlalchemy import orm

from services.measures.base import Base
from services.measures.stories.erasing import forget_stories
from services.measures.surveys.asking import store as surveys
from shared.consumer import Handler
from shared.erasure import store
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.erasure.worker import Erasing
from shared.events.base import Event, Received
from shared.events.measures.erasures import ErasureReceiptGiven
from shared.events.members.erasures import ErasureAdmitted
from shared.ids import new_id
from shared.parts import Parts

CONSUMER = "measures"


def on_erasure_admitted(session: orm.Session, received: Received, event: ErasureAdmitted) -> None:
    """Have the worker take somebody out of what was written here."""
    store.add(session, received.movement, event.erasure)


HANDLERS: dict[type[Event], Handler] = {ErasureAdmitted: on_erasure_admitted}


async def forget_parts(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Delete the parts that somebody has in surveys, by any of their ids."""
    await db.erase(surveys.delete_parts_of, movement, marks.people)


ERASING = Erasing(
    metadata=(Base.metadata,),
    receipt=lambda erasure, records: ErasureReceiptGiven(receipt=new_id("receipt"), erasure=erasure, records=records),
    forgetting=(forget_parts, forget_stories),
)
