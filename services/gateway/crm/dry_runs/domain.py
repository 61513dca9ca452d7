"""A proposed mapping, held against what a CRM has of us: what it would be sent of each record that is looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

from pydantic import JsonValue
from sqlalchemy import orm

from services.gateway.crm import asking, queue
from services.gateway.crm.asking import HandedOn
from services.gateway.crm.backfill import purposed_of
from services.gateway.crm.domain import connected
from services.gateway.crm.mapping import Mapping as WholeMapping
from services.gateway.crm.mapping import Record, RecordMapping, digest, outward, owners
from services.gateway.crm.models import Connection, Errand, Link, Owner
from services.gateway.crm.opening import mapping_for, records_of
from services.gateway.crm.planning import Plan, placed, plan
from services.gateway.crm.queue import Due
from services.gateway.crm.recording import AWAITING, UNFIT
from services.gateway.crm.telling import what_it_calls
from services.gateway.crm.vendors.vendor import Told
from shared.db import Bound
from shared.expressions import CannotEvaluate
from shared.parts import Parts


class Proposed(NamedTuple):
    """Another mapping, and who wins by it."""

    mapping: WholeMapping
    owners: Mapping[str, str]


class Reached(NamedTuple):
    """Behind which record a look goes on, and of which kind."""

    kind: Errand
    after: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field that would be sent. ``before`` is what both sides agreed on last; where that is not ``known`` the CRM has
    something else by now than either mapping makes of the record, or was never told."""

    name: str
    before: JsonValue
    known: bool
    after: JsonValue
    owner: Owner


@dataclass(frozen=True, slots=True)
class Difference:
    """A record of which something would be sent, or that a ``code`` keeps from it."""

    subject: str
    external_id: str | None
    fields: list[Field]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a look found, how many records it was at, and where the next one goes on."""

    differences: list[Difference]
    looked_at: int
    next: Reached | None


class Proposes(Protocol):
    """What makes another mapping of a connection's present one. Raises Invalid."""

    def __call__(self, connection: Connection, /) -> Proposed: ...


async def look(
    parts: Parts, db: Bound, movement: str, name: str, proposes: Proposes, at: Reached | None, limit: int
) -> Part:
    """What a CRM would be sent of the next records, if all were told again. Raises NotFound, NotCovered, Invalid."""
    connection = await db.read(connected, movement, name)
    purposed = await db.read(purposed_of, movement, name)
    proposed = proposes(connection)
    first = Errand.PERSON if proposed.mapping.organisation is None else Errand.ORGANISATION
    at = at or Reached(first, None)
    records = records_of(proposed.mapping, at.kind)
    if records is None:
        return Part([], 0, Reached(Errand.PERSON, None))
    handed = await asking.next_after(parts, purposed, at.after, limit, at.kind)
    subjects = [*handed.by_id(), *handed.withheld]
    found = await db.read(_compared, connection, proposed, at.kind, handed, parts.secrets.pepper)
    if handed.next is not None:
        then: Reached | None = Reached(at.kind, handed.next)
    else:
        then = None if at.kind is Errand.PERSON else Reached(Errand.PERSON, None)
    return Part(found, len(subjects), then)


def _compared(
    session: orm.Session, connection: Connection, proposed: Proposed, kind: Errand, handed: HandedOn, pepper: bytes
) -> list[Difference]:
    """What would be sent, by the plan that would be made if each of them was due."""
    records = records_of(proposed.mapping, kind)
    assert records is not None
    subjects = [*handed.by_id(), *handed.withheld]
    links = queue.links(session, connection.movement, connection.id, subjects)
    as_proposed = Connection(id=connection.id, system=connection.system, owners=dict(proposed.owners))
    called = what_it_calls(session, connection, handed.people)
    due = [Due(subject, 1, 0) for subject in subjects]
    planned = plan(as_proposed, records, due, links, handed, pepper, called)
    present = Present(connection, records_of(mapping_for(connection), kind), handed.by_id(), called, pepper)
    return sorted(
        _differences(planned, links, present, owners(records, proposed.owners)), key=lambda each: each.subject
    )


@dataclass(frozen=True, slots=True)
class Present:
    """How a CRM is told now. What it has is kept as digests alone, and found again by what it would be told."""

    connection: Connection
    records: RecordMapping | None
    shown: Mapping[str, Record]
    called: Mapping[str, str]
    pepper: bytes

    def values(self, subject: str) -> dict[str, JsonValue]:
        """What the CRM has of somebody by the present mapping, if it was told since they changed last."""
        record = self.shown.get(subject)
        if self.records is None or record is None:
            return {}
        try:
            return outward(self.records, placed(record, self.called))
        except CannotEvaluate:
            return {}

    def had(
        self, link: Link | None, name: str, after: JsonValue, now: Mapping[str, JsonValue]
    ) -> tuple[JsonValue, bool]:
        """What it has of a field, and whether that is known."""
        if link is None:
            return None, False
        by = partial(digest, self.pepper, self.connection.id, link.subject, name)
        agreed = link.agreed.get(name)
        for value in (now.get(name), None, not after if isinstance(after, bool) else None):
            if agreed == by(value):
                return value, True
        return None, False


def _differences(
    planned: Plan, links: Mapping[str, Link], present: Present, wins: Mapping[str, Owner]
) -> Iterator[Difference]:
    for told in planned.told:
        code = AWAITING if told.subject in planned.awaiting else None
        yield Difference(told.subject, told.external_id, _fields(told, links.get(told.subject), present, wins), code)
    for subject in planned.awaiting.keys() - {told.subject for told in planned.told}:
        yield Difference(subject, _external_id(links.get(subject)), [], AWAITING)
    for subject in planned.unfit:
        yield Difference(subject, _external_id(links.get(subject)), [], UNFIT)


def _fields(told: Told, link: Link | None, present: Present, wins: Mapping[str, Owner]) -> list[Field]:
    now = present.values(told.subject)
    fields = []
    for name, after in sorted(told.fields.items()):
        before, known = present.had(link, name, after, now)
        fields.append(Field(name, before, known, after, wins.get(name, Owner.BACKBONE)))
    return fields


def _external_id(link: Link | None) -> str | None:
    return None if link is None else link.external_id
