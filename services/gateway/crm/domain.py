"""The verbs of CRM connections: made, changed, ended, and how they stand."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map

from sqlalchemy import orm

from services.gateway.access.audit import domain as audit
from services.gateway.crm import credentials, store
from services.gateway.crm.coverage import hold_to_agreement
from services.gateway.crm.credentials import NEEDED, Credentials
from services.gateway.crm.mapping import Mapping, pack_for
from services.gateway.crm.models import Call, Connection, Owner, State, Vendor, Waiting
from services.gateway.crm.schemas import ConnectionChanges, MappingChanges, NewConnection
from services.gateway.crm.store import Left, Standing
from shared import clock, outbox
from shared.db import after_commit
from shared.db.types import microseconds
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.gateway import CrmKept
from shared.ids import new_id
from shared.secrets import Secrets

MOST_CONNECTIONS = 20
"""Connections of a movement: each change of somebody is noted for all of them."""

Wake = Callable[[], None]
"""Has the teller look for who is due."""


class TooManyConnections(Conflict):
    """The movement has as many connections as it may have."""

    code, title = "too_many_crm_connections", f"A movement has at most {MOST_CONNECTIONS} CRM connections"


class ErasuresWait(Conflict):
    """The CRM has not deleted yet who is erased; ``erasures`` is how many."""

    code, title = "erasures_wait", "The CRM is still to delete somebody who is erased"


def create(session: orm.Session, movement: str, said: NewConnection, organisation: str, secrets: Secrets) -> Standing:
    """Connect a CRM: it is told of whoever changes from now on. Raises Invalid, TooManyConnections and NotCovered."""
    faults = _faults(said.vendor, said.credentials, said.mapping)
    if said.pack_version is not None:
        faults += _faults_of_version(said.vendor, said.pack_version)
    if faults:
        raise Invalid(faults=faults)
    if store.count(session, movement) >= MOST_CONNECTIONS:
        raise TooManyConnections
    name, at = new_id("crm"), clock.now()
    pack, version = _pack(said.vendor, said.pack_version)
    connection = Connection(
        movement=movement,
        id=name,
        vendor=said.vendor,
        name=said.name,
        url=said.url.rstrip("/"),
        organisation=organisation,
        purpose=said.purpose,
        system=said.system or said.vendor,
        pack=pack,
        pack_version=version,
        mapping=None if said.mapping is None else said.mapping.model_dump_json(),
        owners=_owners(said.owners),
        status=State.ENABLED,
        sealed=credentials.seal(secrets, movement, name, said.credentials),
        busy_until=0,
        resume_at=0,
        version=1,
        created_at=at,
        updated_at=at,
    )
    hold_to_agreement(session, connection)
    session.add(connection)
    audit.note(session, movement, "crm_connection.created", name, vendor=said.vendor, purpose=said.purpose)
    return _standing(session, connection)


def change(
    session: orm.Session,
    movement: str,
    id_: str,
    said: ConnectionChanges,
    expected: int | None,
    secrets: Secrets,
    wake: Wake,
) -> Standing:
    """Edit a connection, pause it or enable it. Raises NotFound, PreconditionFailed, Invalid, NotCovered, and
    IllegalTransition where it is leaving."""
    connection = _held(session, movement, id_, expected)
    vendor, sent = Vendor(connection.vendor), said.model_fields_set
    faults = faults_of_change(vendor, said)
    if said.credentials is not None:
        faults += _faults_of_credentials(vendor, said.credentials)
    if faults:
        raise Invalid(faults=faults)
    said.apply(connection, "name", "purpose", "pack_version")
    if said.url is not None:
        connection.url = said.url.rstrip("/")
    if "mapping" in sent:
        connection.mapping = None if said.mapping is None else said.mapping.model_dump_json()
    if said.owners is not None:
        connection.owners = _owners(said.owners)
    if said.credentials is not None:
        connection.sealed = credentials.seal(secrets, movement, id_, said.credentials)
    connection.turn(State(said.status or connection.status), clock.now(), connection.disabled_reason)
    if connection.status == State.ENABLED:
        connection.disabled_reason, connection.resume_at = None, 0
        hold_to_agreement(session, connection)
        store.try_again(session, movement, id_, microseconds(clock.now()))
    audit.note(session, movement, "crm_connection.changed", id_, status=connection.status)
    after_commit(session, wake)
    return _standing(session, connection)


def end(session: orm.Session, movement: str, id_: str, expected: int | None, *, leave_erased: bool) -> Left:
    """End a connection, and forget its credentials and what it calls people. What the CRM has stays there: that is the
    answer.

    Raises NotFound and PreconditionFailed, and ErasuresWait where who is erased is not to be left there.
    """
    connection = _held(session, movement, id_, expected)
    erasures = store.erasures(session, movement, id_)
    if erasures and not leave_erased:
        raise ErasuresWait(erasures=len(erasures))
    left = store.left(session, movement, id_)
    connection.end(clock.now())
    store.forget_subjects(session, movement, id_)
    for erasure in erasures:
        outbox.record(session, CrmKept(receipt=new_id("receipt"), erasure=erasure, connection=id_))
    audit.note(session, movement, "crm_connection.ended", id_, made=str(left.made), found=str(left.found))
    return left


def retry(session: orm.Session, movement: str, id_: str, wake: Wake) -> Standing:
    """Have everybody whom a CRM refused tried once more. Raises NotFound."""
    connection = _found(store.find(session, movement, id_))
    store.try_again(session, movement, id_, microseconds(clock.now()))
    after_commit(session, wake)
    return _standing(session, connection)


def read(session: orm.Session, movement: str, id_: str) -> Standing:
    """A connection, and how far it is. Raises NotFound."""
    return _standing(session, _found(store.find(session, movement, id_)))


def page(session: orm.Session, movement: str, after: str, limit: int) -> list[Standing]:
    """Connections in the order in which they were made."""
    rows = store.page(session, movement, after, limit)
    counts = store.counts(session, movement, [row.id for row in rows])
    return [Standing(row, counts[row.id]) for row in rows]


def connected(session: orm.Session, movement: str, id_: str) -> Connection:
    """A connection. Raises NotFound."""
    return _found(store.find(session, movement, id_))


def faults_of_change(vendor: Vendor, said: MappingChanges) -> list[Fault]:
    """What is wrong with another mapping, or another version of the pack."""
    faults = _faults_of_version(vendor, said.pack_version) if said.pack_version is not None else []
    return faults + (_faults_of_mapping(vendor, said.mapping) if "mapping" in said.model_fields_set else [])


def calls(session: orm.Session, movement: str, id_: str, before: int | None, limit: int) -> Sequence[Call]:
    """The log of a connection, the newest call first. Raises NotFound."""
    _found(store.find(session, movement, id_))
    return store.calls(session, movement, id_, before, limit)


def waiting(session: orm.Session, movement: str, id_: str, after: str, limit: int) -> Sequence[Waiting]:
    """Whom a CRM is still to be told of, in the order of their ids. Raises NotFound."""
    _found(store.find(session, movement, id_))
    return store.waiting(session, movement, id_, after, limit)


def _faults(vendor: Vendor, given: Credentials, mapping: Mapping | None) -> list[Fault]:
    return _faults_of_credentials(vendor, given) + _faults_of_mapping(vendor, mapping)


def _faults_of_mapping(vendor: Vendor, mapping: Mapping | None) -> list[Fault]:
    if vendor is not Vendor.GENERIC:
        return []
    if mapping is None:
        return [Fault("/mapping", "a generic CRM has no pack: it needs a mapping", "missing")]
    needed = [("calls", mapping.calls)]
    if mapping.organisation is not None:
        needed.append(("organisation_calls", mapping.organisation_calls))
    says = "a generic CRM is called as its mapping says"
    return [Fault(f"/mapping/{name}", says, "missing") for name, calls in needed if calls is None]


def _faults_of_credentials(vendor: Vendor, given: Credentials) -> list[Fault]:
    said, needed = {name for name, value in given if value is not None}, NEEDED[vendor]
    missing = [Fault(f"/credentials/{name}", f"is what {vendor} takes", "missing") for name in sorted(needed - said)]
    other = [Fault(f"/credentials/{name}", f"is nothing of {vendor}", "unknown") for name in sorted(said - needed)]
    return missing + other


def _faults_of_version(vendor: Vendor, version: int) -> list[Fault]:
    try:
        pack_for(vendor, version)
    except NotFound:
        return [Fault("/pack_version", "is no version of a pack of this vendor", "unknown_pack")]
    return []


def _pack(vendor: Vendor, version: int | None) -> tuple[str, int]:
    if vendor is Vendor.GENERIC:
        return vendor, 1
    pack = pack_for(vendor, version)
    return pack.name, pack.version


def _owners(said: Map[str, Owner]) -> dict[str, str]:
    return {field: str(owner) for field, owner in sorted(said.items())}


def _standing(session: orm.Session, connection: Connection) -> Standing:
    return Standing(connection, store.counts(session, connection.movement, [connection.id])[connection.id])


def _held(session: orm.Session, movement: str, id_: str, expected: int | None) -> Connection:
    connection = _found(store.find(session, movement, id_, lock=True))
    hold_to(connection.version, expected)
    return connection


def _found(connection: Connection | None) -> Connection:
    if connection is None:
        raise NotFound
    return connection
