"""Telling one CRM of people or organisations: asked for now, put into its words, told, and what came of it kept."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import orm

from services.gateway.agreements import domain as agreements
from services.gateway.crm import asking, queue, recording
from services.gateway.crm.asking import HandedOn, Purposed
from services.gateway.crm.coverage import hold_to_agreement
from services.gateway.crm.forgetting import forget
from services.gateway.crm.mapping import ORGANISATION, Record, digest, owners
from services.gateway.crm.models import Connection, Errand, Link, Owner
from services.gateway.crm.opening import Opened, mapping_for, records_of
from services.gateway.crm.planning import Plan, plan
from services.gateway.crm.queue import Due
from services.gateway.crm.recording import Said, Took
from services.gateway.crm.vendors.vendor import Crm, CrmFailed, Outcome, Readable
from services.gateway.inbound.looking import Looking
from shared import clock
from shared.db import Bound
from shared.parts import Parts
from shared.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Taken:
    """Those who are due, what the CRM calls them, and on whose behalf they are asked for."""

    errand: Errand
    due: Sequence[Due]
    links: Mapping[str, Link]
    purposed: Purposed


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one round: the outcomes, and who was changed there meanwhile."""

    took: Took
    told: Sequence[Outcome]
    forgotten: Sequence[Outcome]
    changed_there: frozenset[str]


async def tell_some(parts: Parts, db: Bound, connection: Connection, crms: Opened, due: queue.Taken) -> bool:
    """Tell a CRM of people or organisations who are due; whether it is ours to tell. Raises CrmFailed, once that is
    written down.

    Raises NotCovered where no agreement covers it any more, and AppError where members cannot be asked.
    """
    taken = await db.read(_take, connection, due)
    if taken is None:
        return False
    mapping = records_of(mapping_for(connection), taken.errand)
    if mapping is None:  # it is not told of organisations
        await db.write(queue.settle, connection.movement, connection.id, taken.due)
        return True
    handed = await asking.these(parts, taken.purposed, [one.subject for one in taken.due], taken.errand)
    called = await db.read(what_it_calls, connection, handed.people)
    planned = plan(connection, mapping, taken.due, taken.links, handed, parts.secrets.pepper, called)
    if planned.merged:
        await db.write(_follow, connection, planned.merged)
        return True
    began, at = time.perf_counter(), clock.now()
    try:
        crm = crms.of(taken.errand)
        changed_there = await _look_first(parts, db, connection, crm, taken, planned, handed)
        told = await crm.tell(planned.told) if planned.told else ()
        forgotten = await forget(crm, planned.forgotten)
    except CrmFailed as failed:
        await db.write(recording.failed, connection, taken.due, failed, Took(at, clock.took(began)))
        raise
    told = await _saywhat_it_calls_them(parts, connection, taken, handed, told)
    came = Came(Took(at, clock.took(began)), told, forgotten, changed_there)
    await db.write(_keep, connection, taken, planned, came)
    return True


async def _look_first(
    parts: Parts, db: Bound, connection: Connection, crm: Crm, taken: Taken, planned: Plan, handed: HandedOn
) -> frozenset[str]:
    """Leave what was edited there out of the plan, of people to take it up first; answers whose else that is."""
    mapping = mapping_for(connection)
    if taken.errand is Errand.PERSON:
        looking = Looking(db, connection, mapping.person, crm, parts.secrets)
        edited = await looking.first(planned.told, handed.by_id(), taken.links)
        if edited is not None:
            planned.leave(edited)
            return frozenset()
    records = records_of(mapping, taken.errand)  # the CRM tells us nothing of them
    wins = {} if records is None else owners(records, connection.owners)
    return await _leave_changed_there(crm, connection, planned, taken.links, wins, parts.secrets)


async def _leave_changed_there(
    crm: Crm,
    connection: Connection,
    planned: Plan,
    links: Mapping[str, Link],
    wins: Mapping[str, Owner],
    secrets: Secrets,
) -> frozenset[str]:
    """Take out of the plan each field that somebody has to be asked about and that was changed there since: the CRM's
    own word of that is on its way, and telling would undo what was edited there. Answers whose they are."""
    asked = [one for one in planned.told if one.external_id and any(wins.get(n) is Owner.ASK for n in one.fields)]
    if not asked or not isinstance(crm, Readable):
        return frozenset()
    there = await crm.read([one.external_id for one in asked if one.external_id])
    changed: set[str] = set()
    for one in asked:
        record, link = there.get(one.external_id or "", {}), links.get(one.subject)
        agreed = {} if link is None else link.agreed
        if link is not None and not agreed:
            continue  # two became one since: the survivor is told of whole
        for name in [name for name in one.fields if wins.get(name) is Owner.ASK and name in record]:
            theirs = digest(secrets.pepper, connection.id, one.subject, name, record[name])
            nothing = digest(secrets.pepper, connection.id, one.subject, name, None)
            if theirs not in (agreed.get(name, nothing), planned.digests[one.subject][name]):
                changed.add(one.subject)
                del planned.digests[one.subject][name]
    planned.told = [
        replace(one, fields={name: one.fields[name] for name in planned.digests[one.subject]}) for one in planned.told
    ]
    planned.told = [one for one in planned.told if one.fields or one.subject not in links]
    return frozenset(changed)


async def _saywhat_it_calls_them(
    parts: Parts, connection: Connection, taken: Taken, handed: HandedOn, told: Sequence[Outcome]
) -> Sequence[Outcome]:
    """Tell members what the CRM calls whom it has from now on. Where somebody else is called that already, the two may
    be one person: that is for somebody to see, and not linked."""
    shown, system, taken_by_others = handed.by_id(), connection.system, set()
    for subject, external_id in [(outcome.subject, outcome.external_id) for outcome in told]:
        if external_id is None or subject in taken.links or external_id in _external_ids(shown[subject], system):
            continue
        if not await asking.call(parts, taken.purposed, subject, system, external_id):
            taken_by_others.add(subject)
    return [replace(each, code="external_id_taken") if each.subject in taken_by_others else each for each in told]


def _external_ids(record: Record, system: str) -> Sequence[object]:
    external = record.get("external_ids")
    ids = external.get(system) if isinstance(external, dict) else None
    return ids if isinstance(ids, list) else ()


def what_it_calls(session: orm.Session, connection: Connection, records: Sequence[Record]) -> Mapping[str, str]:
    """What a CRM calls the organisations to which some people belong."""
    named = {str(record[ORGANISATION]) for record in records if record.get(ORGANISATION) is not None}
    links = queue.links(session, connection.movement, connection.id, named)
    return {organisation: link.external_id for organisation, link in links.items()}


def _take(session: orm.Session, connection: Connection, due: queue.Taken) -> Taken | None:
    """Who is due; None where the connection is another one by now than was opened, or somebody else's."""
    movement = connection.movement
    if not queue.holds(session, connection):
        return None
    hold_to_agreement(session, connection)
    held = agreements.held(session, movement, connection.organisation)
    purposed = Purposed(
        movement, connection.id, connection.organisation, connection.purpose, held.withheld(connection.purpose)
    )
    links = queue.links(session, movement, connection.id, [one.subject for one in due.due])
    return Taken(due.errand, due.due, links, purposed)


def _follow(session: orm.Session, connection: Connection, merged: Mapping[str, str]) -> None:
    """Two are one: the survivor has the link, unless they have one of their own. Then the CRM has them twice, which is
    for it to put right; the other record is told nothing any more, and goes when they are erased."""
    for subject, into in merged.items():
        link = session.get(Link, (connection.movement, connection.id, subject), with_for_update=True)
        if link is not None and session.get(Link, (connection.movement, connection.id, into)) is None:
            session.delete(link)
            session.add(
                Link(
                    movement=link.movement, connection=link.connection, subject=into, external_id=link.external_id,
                    made=link.made, agreed={}, held=[], told_at=link.told_at,  # what was agreed was of another one
                )
            )  # fmt: skip
        queue.drop(session, connection.movement, connection.id, subject)
        queue.put(session, connection.movement, connection.id, [into])


def _keep(session: orm.Session, connection: Connection, taken: Taken, planned: Plan, came: Came) -> None:
    """Keep what came of it. Where others have the connection by now they may have told something newer: so all of it is
    told once more."""
    if not queue.holds(session, connection, lock=True):
        queue.doubt(session, connection.movement, connection.id, [due.subject for due in taken.due])
        return
    by_id, made = {due.subject: due for due in taken.due}, planned.made
    for outcome in came.told:
        subject = outcome.subject
        said = Said(planned.digests[subject], subject in made)
        recording.came_of(session, connection, by_id[subject], outcome, said, came.took)
    for outcome in came.forgotten:
        recording.was_forgotten(session, connection, by_id[outcome.subject], outcome, came.took)
    for subject in came.changed_there:
        recording.changed_there(session, connection, by_id[subject])
    for subject in planned.unfit:
        queue.put_off(session, connection.movement, connection.id, by_id[subject], recording.UNFIT, None)
    queue.settle(session, connection.movement, connection.id, [by_id[subject] for subject in planned.settled])
    for subject, organisation in planned.awaiting.items():
        recording.awaits(session, connection, by_id[subject], organisation)
    if came.told or came.forgotten:
        recording.well_again(session, connection)
