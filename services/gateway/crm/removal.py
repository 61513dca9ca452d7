"""Taking what is ours out of a CRM whose connection is to end: a job that notes all of it, for the teller to remove.

Once all is noted the connection is leaving: it is called at its own pace, whatever happens to a process, and ends by
itself when nothing is left (`forgetting`).
"""

import msgspec
from sqlalchemy import orm

from services.gateway.access.audit import domain as audit
from services.gateway.crm import forgetting, queue, store
from services.gateway.crm.models import State
from shared import clock
from shared.errors import NotFound
from shared.jobs import domain as jobs
from shared.jobs.models import Job
from shared.jobs.work import Moved, Work

KIND = "crm_removal"
_AT_ONCE = 500


class Asked(msgspec.Struct, frozen=True):
    """From which connection."""

    connection: str


class Noted(msgspec.Struct, frozen=True):
    """How many records were noted; as a position, after which to go on."""

    records: int = 0
    after: str = ""


class Removal:
    """The kind of job. It cannot be taken back: what was deleted there is gone."""

    name = KIND

    async def carry_out(self, work: Work) -> Noted:
        """Note whatever the CRM has of ours, some at a time."""
        connection, reached = work.request(Asked).connection, work.position(Noted) or Noted()
        while True:
            moved = await work.step(_note, connection, reached)
            if moved.position == reached:
                return reached
            assert isinstance(moved.position, Noted)
            reached = moved.position

    async def undo(self, work: Work) -> None:
        """What was noted is removed all the same."""


def ask(session: orm.Session, movement: str, connection: str, job: str) -> Job:
    """Have what is ours removed from a CRM, and its connection ended. Raises NotFound and IllegalTransition."""
    found = store.find(session, movement, connection, lock=True)
    if found is None:
        raise NotFound
    found.turn(State.LEAVING, clock.now())
    store.forget_waiting(session, movement, connection)
    audit.note(session, movement, "crm_connection.leaving", connection)
    return jobs.ask(session, movement, job, KIND, Asked(connection))


def _note(session: orm.Session, movement: str, connection: str, reached: Noted) -> Moved:
    """Note the next ones. Where there are none the connection may be over already."""
    found = store.links_after(session, movement, connection, reached.after, _AT_ONCE)
    if not found:
        forgetting.finish_leaving(session, movement, connection)
        return Moved(position=reached, done=reached.records)
    queue.put_to_forget(session, movement, connection, found, None)
    records = reached.records + len(found)
    return Moved(position=Noted(records, found[-1]), done=records, settled=True)
