"""Filling a CRM with the organisations and people who were there before it was connected: a job that notes each.

Who is noted is told as everybody is, no faster than the CRM allows; so a job that is over has noted all, and the
connection says how many are still to be told. Noting somebody twice is as noting them once.
"""

import msgspec
from sqlalchemy import orm

from services.gateway.agreements import domain as agreements
from services.gateway.crm import asking, queue, store
from services.gateway.crm.asking import Purposed
from services.gateway.crm.coverage import hold_to_agreement
from services.gateway.crm.models import Errand
from services.gateway.crm.opening import mapping_for
from shared.errors import NotFound
from shared.jobs import domain as jobs
from shared.jobs.models import Job
from shared.jobs.work import Moved, Work

KIND = "crm_backfill"
_AT_ONCE = 200


class Asked(msgspec.Struct, frozen=True):
    """Which connection is filled."""

    connection: str


class Filled(msgspec.Struct, frozen=True):
    """How many were noted; as a position, of which kind and after which one to go on."""

    records: int = 0
    kind: Errand = Errand.ORGANISATION
    after: str | None = None


class Backfill:
    """The kind of job. What it noted stays where it is cancelled: those people are due as if they had changed."""

    name = KIND

    async def carry_out(self, work: Work) -> Filled:
        """Note all who may be handed on, some at a time, in the order of their ids: organisations first, if the CRM is
        told of any."""
        connection = work.request(Asked).connection
        reached = work.position(Filled) or Filled(kind=await work.db.read(_first, work.movement, connection))
        while True:
            purposed = await work.db.read(purposed_of, work.movement, connection)
            handed = await asking.next_after(work.parts, purposed, reached.after, _AT_ONCE, reached.kind)
            found, over = list(handed.by_id()), handed.next is None
            kind = Errand.PERSON if over else reached.kind
            over = over and reached.kind is Errand.PERSON
            reached = Filled(reached.records + len(found), kind, handed.next)
            await work.step(_note, connection, found, Moved(position=reached, done=reached.records))
            if over:
                return reached

    async def undo(self, work: Work) -> None:
        """Nothing was told by it."""


def ask(session: orm.Session, movement: str, connection: str, job: str) -> Job:
    """Have a CRM filled. Raises NotFound, and NotCovered where no agreement covers it."""
    purposed_of(session, movement, connection)
    return jobs.ask(session, movement, job, KIND, Asked(connection))


def purposed_of(session: orm.Session, movement: str, connection: str) -> Purposed:
    """On whose behalf people are asked for. Raises NotFound once the connection has ended, and NotCovered."""
    found = store.find(session, movement, connection)
    if found is None:
        raise NotFound
    hold_to_agreement(session, found)
    held = agreements.held(session, movement, found.organisation)
    return Purposed(movement, connection, found.organisation, found.purpose, held.withheld(found.purpose))


def _first(session: orm.Session, movement: str, connection: str) -> Errand:
    """What is gone through first. Raises NotFound."""
    found = store.find(session, movement, connection)
    if found is None:
        raise NotFound
    return Errand.PERSON if mapping_for(found).organisation is None else Errand.ORGANISATION


def _note(session: orm.Session, movement: str, connection: str, subjects: list[str], moved: Moved) -> Moved:
    queue.put(session, movement, connection, subjects)
    return moved
