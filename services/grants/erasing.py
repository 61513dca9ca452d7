"""What erasing somebody does here: what groups wrote may speak of them, and who reviewed or voted is nobody
any more. Awards, amounts and dates stay as they are."""

from sqlalchemy import orm

from services.grants.base import Base
from services.grants.payees.forgetting import forget_accounts
from services.grants.people.erasing import forget_people
from shared.erasure import store
from shared.erasure.worker import Erasing
from shared.events.base import Received
from shared.events.grants.erasures import ErasureReceiptGiven
from shared.events.members.erasures import ErasureAdmitted
from shared.ids import new_id


def on_erasure_admitted(session: orm.Session, received: Received, event: ErasureAdmitted) -> None:
    """Have the worker take somebody out of what was written here."""
    store.add(session, received.movement, event.erasure)


ERASING = Erasing(
    metadata=(Base.metadata,),
    receipt=lambda erasure, records: ErasureReceiptGiven(receipt=new_id("receipt"), erasure=erasure, records=records),
    forgetting=(forget_accounts, forget_people),
)
