"""Telling one CRM of the people who are due: asked for now, put into its words, told, and what came of it kept."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import orm

from services.gateway.agreements import domain as agreements
from services.gateway.crm import asking, queue, recording
from services.gateway.crm.asking import HandedOn, Purposed
from services.gateway.crm.coverage import hold_to_agreement
from services.gateway.crm.mapping import Record, digest, owners
from services.gateway.crm.models import Connection, Link, Owner
from services.gateway.crm.opening import mapping_for
from services.gateway.crm.planning import Plan, plan
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import Crm, CrmFailed, Forgetful, Outcome, Readable, Told
from services.gateway.inbound.looking import Looking
from shared import clock
from shared.db import Bound
from shared.parts import Parts
from shared.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Taken:
    """People who are due, what the CRM calls them, and on whose behalf they are asked for."""

    due: Sequence[Due]
    links: Mapping[str, Link]
    purposed: Purposed


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one round: when it began and how long it took, the outcomes, and who was changed there meanwhile."""

    at: datetime
    duration_ms: int
    told: Sequence[Outcome]
    forgotten: Sequence[Outcome]
    changed_there: frozenset[str]


async def tell_some(parts: Parts, db: Bound, connection: Connection, crm: Crm) -> bool:
    """Tell a CRM of the next people who are due; whether there were any. Raises CrmFailed, once that is written down.

    Raises NotCovered where no agreement covers it any more, and AppError where members cannot be asked.
    """
    taken = await db.read(_take, connection, crm.most_at_once)
    if taken is None or not taken.due:
        return False
    handed = await asking.these(parts, taken.purposed, [due.person for due in taken.due])
    mapping = mapping_for(connection).person
    planned = plan(connection, mapping, taken.due, taken.links, handed, parts.secrets.pepper)
    if planned.merged:
        await db.write(_follow, connection, planned.merged)
        return True
    began, at = time.perf_counter(), clock.now()
    try:
        looking = Looking(db, connection, mapping, crm, parts.secrets)
        edited = await looking.first(planned.told, handed.by_person(), taken.links)
        planned.leave(edited or ())
        changed_there: frozenset[str] = frozenset()
        if edited is None:  # the CRM tells us nothing
            changed_there = await _leave_changed_there(crm, connection, planned, taken.links, parts.secrets)
        told = await crm.tell(planned.told) if planned.told else ()
        forgotten = await _forget(crm, planned.forgotten)
    except CrmFailed as failed:
        await db.write(recording.failed, connection, taken.due, failed, at, _since(began))
        raise
    told = await _say_what_it_calls_them(parts, connection, taken, handed, told)
    came = Came(at, _since(began), told, forgotten, changed_there)
    await db.write(_keep, connection, taken, planned, came)
    return True


async def _leave_changed_there(
    crm: Crm, connection: Connection, planned: Plan, links: Mapping[str, Link], secrets: Secrets
) -> frozenset[str]:
    """Take out of the plan each field that somebody has to be asked about and that was changed there since: the CRM's
    own word of that is on its way, and telling would undo what was edited there. Answers whose they are."""
    wins = owners(mapping_for(connection).person, connection.owners)
    asked = [one for one in planned.told if one.external_id and any(wins.get(n) is Owner.ASK for n in one.fields)]
    if not asked or not isinstance(crm, Readable):
        return frozenset()
    there = await crm.read([one.external_id for one in asked if one.external_id])
    changed: set[str] = set()
    for one in asked:
        record, link = there.get(one.external_id or "", {}), links.get(one.person)
        agreed = {} if link is None else link.agreed
        if link is not None and not agreed:
            continue  # two became one since: the survivor is told of whole
        for name in [name for name in one.fields if wins.get(name) is Owner.ASK and name in record]:
            theirs = digest(secrets.pepper, connection.id, one.person, name, record[name])
            nothing = digest(secrets.pepper, connection.id, one.person, name, None)
            if theirs not in (agreed.get(name, nothing), planned.digests[one.person][name]):
                changed.add(one.person)
                del planned.digests[one.person][name]
    planned.told = [
        replace(one, fields={name: one.fields[name] for name in planned.digests[one.person]}) for one in planned.told
    ]
    planned.told = [one for one in planned.told if one.fields or one.person not in links]
    return frozenset(changed)


async def _forget(crm: Crm, people: Sequence[Told]) -> Sequence[Outcome]:
    if not people:
        return ()
    if not isinstance(crm, Forgetful):
        return [Outcome(one.person, None, None, "cannot_forget") for one in people]
    return await crm.forget(people)


async def _say_what_it_calls_them(
    parts: Parts, connection: Connection, taken: Taken, handed: HandedOn, told: Sequence[Outcome]
) -> Sequence[Outcome]:
    """Tell members what the CRM calls whom it has from now on. Where somebody else is called that already, the two may
    be one person: that is for somebody to see, and not linked."""
    shown, system, taken_by_others = handed.by_person(), connection.system, set()
    for person, external_id in [(outcome.person, outcome.external_id) for outcome in told]:
        if external_id is None or person in taken.links or external_id in _external_ids(shown[person], system):
            continue
        if not await asking.call(parts, taken.purposed, person, system, external_id):
            taken_by_others.add(person)
    return [replace(each, code="external_id_taken") if each.person in taken_by_others else each for each in told]


def _external_ids(record: Record, system: str) -> Sequence[object]:
    external = record.get("external_ids")
    ids = external.get(system) if isinstance(external, dict) else None
    return ids if isinstance(ids, list) else ()


def _take(session: orm.Session, connection: Connection, most: int) -> Taken | None:
    """Who is due; None where the connection is another one by now than was opened, or somebody else's."""
    movement = connection.movement
    if not queue.holds(session, connection):
        return None
    hold_to_agreement(session, connection)
    held = agreements.held(session, movement, connection.organisation)
    purposed = Purposed(
        movement, connection.id, connection.organisation, connection.purpose, held.withheld(connection.purpose)
    )
    due = queue.take(session, movement, connection.id, most)
    return Taken(due, queue.links(session, movement, connection.id, [one.person for one in due]), purposed)


def _follow(session: orm.Session, connection: Connection, merged: Mapping[str, str]) -> None:
    """Two are one: the survivor has the link, unless they have one of their own. Then the CRM has them twice, which is
    for it to put right; the other record is told nothing any more, and goes when they are erased."""
    for person, into in merged.items():
        link = session.get(Link, (connection.movement, connection.id, person), with_for_update=True)
        if link is not None and session.get(Link, (connection.movement, connection.id, into)) is None:
            session.delete(link)
            session.add(
                Link(
                    movement=link.movement, connection=link.connection, person=into, external_id=link.external_id,
                    agreed={}, held=[], told_at=link.told_at,  # what was agreed was of another person
                )
            )  # fmt: skip
        queue.drop(session, connection.movement, connection.id, person)
        queue.put(session, connection.movement, connection.id, [into])


def _keep(session: orm.Session, connection: Connection, taken: Taken, planned: Plan, came: Came) -> None:
    """Keep what came of it. Where others have the connection by now they may have told something newer: so all of it is
    told once more."""
    if not queue.holds(session, connection, lock=True):
        queue.doubt(session, connection.movement, connection.id, [due.person for due in taken.due])
        return
    by_person = {due.person: due for due in taken.due}
    for outcome in came.told:
        agreed = planned.digests[outcome.person]
        recording.came_of(session, connection, by_person[outcome.person], outcome, agreed, came.at, came.duration_ms)
    for outcome in came.forgotten:
        recording.was_forgotten(session, connection, by_person[outcome.person], outcome, came.at, came.duration_ms)
    for person in came.changed_there:
        recording.changed_there(session, connection, by_person[person])
    for person in planned.unfit:
        queue.put_off(session, connection.movement, connection.id, by_person[person], "mapping_does_not_fit", None)
    queue.settle(session, connection.movement, connection.id, [by_person[person] for person in planned.settled])
    if came.told or came.forgotten:
        recording.well_again(session, connection)


def _since(began: float) -> int:
    """Whole milliseconds, rounded up: 0 would say that nothing was done."""
    return int((time.perf_counter() - began) * 1000) + 1
