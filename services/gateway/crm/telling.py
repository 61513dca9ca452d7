"""Telling one CRM of the people who are due: asked for now, put into its words, told, and what came of it kept."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jmespath.exceptions import JMESPathError
from sqlalchemy import orm

from services.gateway.agreements import domain as agreements
from services.gateway.crm import asking, queue, recording
from services.gateway.crm.asking import HandedOn, Purposed
from services.gateway.crm.coverage import hold_to_agreement
from services.gateway.crm.mapping import PersonMapping, digest, outward, owners
from services.gateway.crm.models import Connection, Link, Owner
from services.gateway.crm.opening import mapping_for
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import Crm, CrmFailed, Outcome, Told
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


@dataclass(slots=True)
class Telling:
    """What is to be done about the people who are due: whom to tell what, and who is settled without a call."""

    told: list[Told] = field(default_factory=list)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)


async def tell_some(parts: Parts, db: Bound, connection: Connection, crm: Crm) -> bool:
    """Tell a CRM of the next people who are due; whether there were any. Raises CrmFailed, once that is written down.

    Raises NotCovered where no agreement covers it any more, and AppError where members cannot be asked.
    """
    taken = await db.read(_take, connection, crm.most_at_once)
    if taken is None or not taken.due:
        return False
    handed = await asking.these(parts, taken.purposed, [due.person for due in taken.due])
    telling = plan(connection, mapping_for(connection).person, taken, handed, parts.secrets)
    began, at = time.perf_counter(), clock.now()
    outcomes: Sequence[Outcome] = ()
    if telling.told:
        try:
            outcomes = await crm.tell(telling.told)
        except CrmFailed as failed:
            await db.write(recording.failed, connection, taken.due, failed, at, _since(began))
            raise
    await db.write(_keep, connection, taken, telling, outcomes, at, _since(began))
    return True


def plan(connection: Connection, mapping: PersonMapping, taken: Taken, handed: HandedOn, secrets: Secrets) -> Telling:
    """What of whom the CRM is told: those fields alone that it does not have already, and of those that are its own
    only what it has never had."""
    telling, shown = Telling(), handed.by_person()
    wins = owners(mapping, connection.owners)
    for due in taken.due:
        link = taken.links.get(due.person)
        record = shown.get(due.person)
        if record is not None:
            try:
                values = outward(mapping, record)
            except JMESPathError:
                telling.unfit.append(due.person)
                continue
        elif link is not None:
            values = dict(mapping.withheld)  # it may not be told who they are any more, and is told to let them be
        else:
            values = {}
        _tell(telling, connection, due.person, link, values, wins, secrets)
    return telling


def _tell(
    telling: Telling,
    connection: Connection,
    person: str,
    link: Link | None,
    values: Mapping[str, object],
    wins: Mapping[str, Owner],
    secrets: Secrets,
) -> None:
    digests = {name: digest(secrets.pepper, connection.id, person, name, value) for name, value in values.items()}
    agreed = {} if link is None else link.agreed
    fields = {
        name: value
        for name, value in values.items()
        if agreed.get(name) != digests[name]
        and (link is not None or value is not None)
        and (link is None or wins.get(name) is not Owner.CRM)
    }
    if not fields:
        telling.settled.append(person)
        return
    external_id = None if link is None else link.external_id
    telling.told.append(Told(person, external_id, fields, new=link is None))
    telling.digests[person] = {**agreed, **{name: digests[name] for name in fields}}


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


def _keep(
    session: orm.Session,
    connection: Connection,
    taken: Taken,
    telling: Telling,
    outcomes: Sequence[Outcome],
    at: datetime,
    duration_ms: int,
) -> None:
    """Keep what came of it. Where others have the connection by now they may have told something newer: so all of it is
    told once more."""
    if not queue.holds(session, connection, lock=True):
        queue.put(session, connection.movement, connection.id, [due.person for due in taken.due])
        return
    by_person = {due.person: due for due in taken.due}
    queue.settle(session, connection.movement, connection.id, [by_person[person] for person in telling.settled])
    for person in telling.unfit:
        queue.put_off(session, connection.movement, connection.id, by_person[person], "mapping_does_not_fit", None)
    for outcome in outcomes:
        due, agreed = by_person[outcome.person], telling.digests[outcome.person]
        recording.came_of(session, connection, due, outcome, agreed, at, duration_ms)
    if outcomes:
        recording.well_again(session, connection)


def _since(began: float) -> int:
    """Whole milliseconds, rounded up: 0 would say that nothing was done."""
    return int((time.perf_counter() - began) * 1000) + 1
