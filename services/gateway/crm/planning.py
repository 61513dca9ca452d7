"""What a CRM is to be told of those who are due: a pure function of how they are, what it has, and who wins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pydantic import JsonValue

from services.gateway.crm.asking import HandedOn
from services.gateway.crm.mapping import ORGANISATION, PersonMapping, Record, RecordMapping, digest, outward, owners
from services.gateway.crm.models import Connection, Link, Owner
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import Told
from shared.expressions import CannotEvaluate


@dataclass(slots=True)
class Plan:
    """Whom to tell what, whom to delete there, and who is settled without a call, or by nobody's.

    ``digests`` are of the values that are told, by our id and by the CRM's field. ``merged`` are links whose person or
    organisation is another one now, with which that is. ``awaiting`` are people whose organisation is to be there
    first, with which it is: but for that they are told.
    """

    told: list[Told] = field(default_factory=list)
    forgotten: list[Told] = field(default_factory=list)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)
    awaiting: dict[str, str] = field(default_factory=dict)

    @property
    def made(self) -> set[str]:
        """Those for whom a record is made there, unless it has one with our id."""
        return {one.subject for one in self.told if one.external_id is None}

    def leave(self, people: Collection[str]) -> None:
        """Do not tell these now: what was edited there is taken up first, and has them told again where it has to."""
        self.told = [one for one in self.told if one.subject not in people]
        self.settled += people


def plan(
    connection: Connection,
    mapping: RecordMapping,
    due: Sequence[Due],
    links: Mapping[str, Link],
    handed: HandedOn,
    pepper: bytes,
    organisations: Mapping[str, str] | None = None,
) -> Plan:
    """What is to be done about each. Only those fields are told that the CRM does not have already.

    ``organisations`` is what it calls those that it has.
    """
    found, shown = Plan(), handed.by_id()
    wins = owners(mapping, connection.owners)
    belonging = {each.theirs for each in mapping.fields if each.ours == ORGANISATION}
    for one in due:
        subject, link = one.subject, links.get(one.subject)
        if link is not None and subject in handed.merged:
            found.merged[subject] = handed.merged[subject]
            continue
        if link is not None and subject in handed.unknown:
            _gone(found, mapping, subject, link)
            continue
        record = shown.get(subject)
        external_id = link.external_id if link else _called(connection, record)
        record = _placed(found, mapping, subject, record, organisations or {})
        try:
            values = _values(mapping, record, link)
        except CannotEvaluate:
            found.unfit.append(subject)
            continue
        if subject in found.awaiting:
            values = {name: value for name, value in values.items() if name not in belonging}
        _tell(found, subject, link, external_id, values, wins, partial(digest, pepper, connection.id, subject))
    return found


def _gone(found: Plan, mapping: RecordMapping, subject: str, link: Link) -> None:
    """Who is not there any more was erased, or their import was undone; an organisation there is left as it is."""
    if isinstance(mapping, PersonMapping):
        found.forgotten.append(Told(subject, link.external_id, {}))
    else:
        found.settled.append(subject)


def _placed(
    found: Plan, mapping: RecordMapping, subject: str, record: Record | None, organisations: Mapping[str, str]
) -> Record | None:
    """The record of somebody with what the CRM calls their organisation; who waits for it is found to be awaiting."""
    named = None if record is None else record.get(ORGANISATION)
    if record is None or not isinstance(mapping, PersonMapping) or not isinstance(named, str):
        return record
    if named not in organisations and any(each.ours == ORGANISATION for each in mapping.fields):
        found.awaiting[subject] = named
    return placed(record, organisations)


def placed(record: Record, organisations: Mapping[str, str]) -> Record:
    """Somebody with what the CRM calls their organisation in place of our id of it; nothing where it has it not."""
    named = record.get(ORGANISATION)
    return {**record, ORGANISATION: organisations.get(named) if isinstance(named, str) else None}


def _values(mapping: RecordMapping, record: Record | None, link: Link | None) -> Mapping[str, JsonValue]:
    """What the CRM is to have of somebody: their fields; once it may not, only that it is to let them be."""
    if record is None:
        return {} if link is None else mapping.withheld
    values = outward(mapping, record)
    agreed = {} if link is None else link.agreed
    for name, value in mapping.withheld.items():  # it may again: what was set for that is taken back
        if name not in values and name in agreed:
            values[name] = not value if isinstance(value, bool) else None
    return values


def _tell(
    found: Plan,
    subject: str,
    link: Link | None,
    external_id: str | None,
    values: Mapping[str, JsonValue],
    wins: Mapping[str, Owner],
    digested: "partial[str]",
) -> None:
    digests = {name: digested(name, value) for name, value in values.items()}
    agreed: Mapping[str, str] = {} if link is None else link.agreed
    held: Sequence[str] = () if link is None else link.held
    fields = {
        name: value
        for name, value in values.items()
        if agreed.get(name, digested(name, None)) != digests[name]
        and name not in held
        and (external_id is None or wins.get(name) is not Owner.CRM)
    }
    if not fields:
        found.settled.append(subject)
        return
    found.told.append(Told(subject, external_id, fields))
    found.digests[subject] = {name: digests[name] for name in fields}


def _called(connection: Connection, record: Record | None) -> str | None:
    """What the CRM calls somebody as the movement knows it, though we never told it of them."""
    external = {} if record is None else record.get("external_ids")
    ids = external.get(connection.system) if isinstance(external, dict) else None
    return str(ids[0]) if isinstance(ids, list) and ids else None
