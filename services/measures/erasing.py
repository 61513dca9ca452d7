"""What erasing somebody does here: what was written about definitions and figures may speak of them. Figures stay."""

from sqlalchemy import orm

from services.measures.base import Base
from shared.consumer import Handler
from shared.erasure import store
from shared.erasure.worker import Erasing
from shared.events.base import Event, Received
from shared.events.measures import ErasureReceiptGiven
from shared.events.members.erasures import ErasureAdmitted
from shared.ids import new_id

CONSUMER = "measures"


def on_erasure_admitted(session: orm.Session, received: Received, event: ErasureAdmitted) -> None:
    """Have the worker take somebody out of what was written here."""
    store.add(session, received.movement, event.erasure)


HANDLERS: dict[type[Event], Handler] = {ErasureAdmitted: on_erasure_admitted}

ERASING = Erasing(
    metadata=(Base.metadata,),
    receipt=lambda erasure, records: ErasureReceiptGiven(receipt=new_id("receipt"), erasure=erasure, records=records),
)
