"""What erasing somebody does here: what groups wrote may speak of them, and who reviewed or voted is nobody
any more. Awards, amounts and dates stay as they are."""

import sqlalchemy as sa
from sqlalchemy import orm

from services.grants.applications.content import name_key
from services.grants.applications.models import Application
from services.grants.base import Base
from services.grants.files.forgetting import forget_files
from services.grants.payees.forgetting import forget_accounts
from services.grants.people.erasing import forget_people
from shared.erasure import store
from shared.erasure.sweep import Key
from shared.erasure.worker import Erasing
from shared.events.base import Received
from shared.events.grants.erasures import ErasureReceiptGiven
from shared.events.members.erasures import ErasureAdmitted
from shared.ids import new_id


def on_erasure_admitted(session: orm.Session, received: Received, event: ErasureAdmitted) -> None:
    """Have the worker take somebody out of what was written here."""
    store.add(session, received.movement, event.erasure)


def compare_anew(session: orm.Session, movement: str, table: str, key: Key) -> None:
    """Let an application be compared by the name that its group has now."""
    if table == Application.__tablename__:
        application = session.get_one(Application, (movement, key["id"]), populate_existing=True)
        keyed = sa.update(Application).where(Application.movement == movement, Application.id == application.id)
        session.execute(keyed.values(name_key=name_key(application.group_name)))


ERASING = Erasing(
    metadata=(Base.metadata,),
    receipt=lambda erasure, records: ErasureReceiptGiven(receipt=new_id("receipt"), erasure=erasure, records=records),
    forgetting=(forget_files, forget_accounts, forget_people),
    rewritten=compare_anew,
)
