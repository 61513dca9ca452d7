"""Having a CRM forget: who is erased is deleted there, whatever state the connection is in; and where the connection is
leaving, what is there because of us goes, and our ids are taken out of what was there before us."""

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import orm

from services.gateway.access.audit import domain as audit
from services.gateway.crm import queue, recording, store
from services.gateway.crm.models import Connection, Errand, Link, State
from services.gateway.crm.opening import Opened
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import Crm, CrmFailed, Forgetful, Outcome, Readable, Told
from shared import clock
from shared.db import Bound


async def forget_some(db: Bound, connection: Connection, crms: Opened, due: Sequence[Due]) -> None:
    """Have a CRM forget those who are due. Raises CrmFailed, once that is written down.

    Nothing of them leaves but what the CRM calls them: so it is done under no agreement too.
    """
    links = await db.read(queue.links, connection.movement, connection.id, [one.subject for one in due])
    began, at = time.perf_counter(), clock.now()
    outcomes: list[Outcome] = []
    try:
        for kind in (Errand.PERSON, Errand.ORGANISATION):
            of_kind = [one for one in due if one.subject in links and queue.kind_of(one.subject) is kind]
            if of_kind:
                outcomes += await _forgotten(crms.of(kind), of_kind, links)
    except CrmFailed as failed:
        await db.write(recording.failed, connection, due, failed, recording.Took(at, clock.took(began)))
        raise
    nothing = [Outcome(one.subject) for one in due if one.subject not in links]
    await db.write(_keep, connection, due, [*outcomes, *nothing], recording.Took(at, clock.took(began)))


async def forget(crm: Crm, told: Sequence[Told]) -> Sequence[Outcome]:
    """Have these deleted there. Raises CrmFailed."""
    if not told:
        return ()
    if not isinstance(crm, Forgetful):
        return [Outcome(one.subject, None, None, "cannot_forget") for one in told]
    return await crm.forget(told)


def finish_leaving(session: orm.Session, movement: str, connection: str) -> None:
    """End a connection that is leaving, once nothing of ours is there any more."""
    found = store.find(session, movement, connection, lock=True)
    if found is not None and found.status == State.LEAVING and not store.has_links(session, movement, connection):
        found.end(clock.now())
        store.forget_subjects(session, movement, connection)
        audit.note(session, movement, "crm_connection.ended", connection)


async def _forgotten(crm: Crm, due: Sequence[Due], links: Mapping[str, Link]) -> Sequence[Outcome]:
    """Delete who is erased and what was made for us; let go of what was there before us."""
    goes = [one.subject for one in due if one.erasure is not None or links[one.subject].made]
    stays = [one.subject for one in due if one.subject not in goes]
    deleted = await forget(crm, [Told(subject, links[subject].external_id, {}) for subject in goes])
    return [*deleted, *await _released(crm, [Told(each, links[each].external_id, {}, released=True) for each in stays])]


async def _released(crm: Crm, told: Sequence[Told]) -> Sequence[Outcome]:
    """Take our ids out of records; one that is not there any more has none."""
    if not told:
        return ()
    there = {one.external_id for one in told}
    if isinstance(crm, Readable):
        there &= set(await crm.read([one.external_id for one in told if one.external_id is not None]))
    gone = [Outcome(one.subject, one.external_id) for one in told if one.external_id not in there]
    found = [one for one in told if one.external_id in there]
    return [*gone, *(await crm.tell(found) if found else ())]


def _keep(
    session: orm.Session, connection: Connection, due: Sequence[Due], outcomes: Sequence[Outcome], took: recording.Took
) -> None:
    by_id = {one.subject: one for one in due}
    for outcome in outcomes:
        recording.was_forgotten(session, connection, by_id[outcome.subject], outcome, took)
    recording.well_again(session, connection)
    finish_leaving(session, connection.movement, connection.id)
