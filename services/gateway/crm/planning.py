"""What a CRM is to be told of the people who are due: a pure function of how they are, what it has, and who wins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pydantic import JsonValue

from services.gateway.crm.asking import HandedOn
from services.gateway.crm.mapping import PersonMapping, Record, digest, outward, owners
from services.gateway.crm.models import Connection, Link, Owner
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import Told
from shared.expressions import CannotEvaluate


@dataclass(slots=True)
class Plan:
    """Whom to tell what, whom to delete there, and who is settled without a call, or by nobody's.

    ``digests`` are of the values that are told, by person and by the CRM's field. ``merged`` are links whose person is
    another one now, with who that is.
    """

    told: list[Told] = field(default_factory=list)
    forgotten: list[Told] = field(default_factory=list)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)

    def leave(self, people: Collection[str]) -> None:
        """Do not tell these now: what was edited there is taken up first, and has them told again where it has to."""
        self.told = [one for one in self.told if one.person not in people]
        self.settled += people


def plan(
    connection: Connection,
    mapping: PersonMapping,
    due: Sequence[Due],
    links: Mapping[str, Link],
    handed: HandedOn,
    pepper: bytes,
) -> Plan:
    """What is to be done about each. Only those fields are told that the CRM does not have already."""
    found, shown = Plan(), handed.by_person()
    wins = owners(mapping, connection.owners)
    for one in due:
        link = links.get(one.person)
        if one.erasure is not None or (link is not None and one.person in handed.unknown):
            _forget(found, one.person, link)
            continue
        if link is not None and one.person in handed.merged:
            found.merged[one.person] = handed.merged[one.person]
            continue
        try:
            values = _values(mapping, shown.get(one.person), link)
        except CannotEvaluate:
            found.unfit.append(one.person)
            continue
        external_id = link.external_id if link else _called(connection, shown.get(one.person))
        _tell(found, one.person, link, external_id, values, wins, partial(digest, pepper, connection.id, one.person))
    return found


def _values(mapping: PersonMapping, record: Record | None, link: Link | None) -> Mapping[str, JsonValue]:
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
    person: str,
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
        found.settled.append(person)
        return
    found.told.append(Told(person, external_id, fields))
    found.digests[person] = {name: digests[name] for name in fields}


def _forget(found: Plan, person: str, link: Link | None) -> None:
    if link is None:
        found.settled.append(person)
    else:
        found.forgotten.append(Told(person, link.external_id, {}))


def _called(connection: Connection, record: Record | None) -> str | None:
    """What the CRM calls somebody as the movement knows it, though we never told it of them."""
    external = {} if record is None else record.get("external_ids")
    ids = external.get(connection.system) if isinstance(external, dict) else None
    return str(ids[0]) if isinstance(ids, list) and ids else None
