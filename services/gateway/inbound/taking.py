"""Taking up one message: whom it is about, how they are now, what of it holds, and what is written of it.

It may be done twice: whoever died in the middle has changed the person or not, and a record that is held against them
again is found to be the same, or to differ as it did. That it was begun is kept first, so that the log says what was
applied though nobody lived to say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import msgspec
from sqlalchemy import orm

from services.gateway.agreements import domain as agreements
from services.gateway.crm import asking, queue
from services.gateway.crm import store as connections
from services.gateway.crm.asking import Purposed
from services.gateway.crm.coverage import hold_to_agreement
from services.gateway.crm.mapping import Record, digest, owners
from services.gateway.crm.models import Connection, Link
from services.gateway.crm.models import State as ConnectionState
from services.gateway.crm.opening import mapping_for, opened
from services.gateway.crm.vendors.vendor import Readable
from services.gateway.inbound import keeping, merging, people, store
from services.gateway.inbound.conflicts.domain import Choice, Settled
from services.gateway.inbound.keeping import Asked, Outcome
from services.gateway.inbound.messages import refused_channels
from services.gateway.inbound.models import ConflictKind, Hook, Kind, Message, State
from services.gateway.inbound.people import Came, ChangedMeanwhile, TakenIn
from services.gateway.inbound.receiving import place
from shared.dialler import Dialler
from shared.errors import Unavailable
from shared.ids import is_id
from shared.parts import Parts
from shared.secrets import Secrets

_TRIES = 3


class AtRest(Unavailable):
    """The connection is paused or disabled: what came in waits."""

    code, title = "connection_at_rest", "The connection is paused or disabled"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known before anybody is asked: connection and hook, what was said, and whom we told the CRM it is.

    ``begun``: whoever it is about was entered for this message, or may have been changed by whoever died over it.
    """

    connection: Connection
    hook: Hook
    purposed: Purposed
    record: Record
    choice: Choice | None
    linked: str | None
    begun: bool

    @property
    def person(self) -> str | None:
        """Whose record it is as far as we told the CRM, or as somebody settled it, or by our own id that it has."""
        if self.linked is not None:
            return self.linked
        if self.choice is not None and self.choice.person is not None:
            return self.choice.person
        named = self.record.get(mapping_for(self.connection).person.key)
        return named if isinstance(named, str) and is_id(named, "person") else None


async def take_up(parts: Parts, message: Message, dialler: Dialler) -> Outcome:
    """What becomes of a message; whoever it is about is changed by then. The CRM is asked where its hook says so.

    Raises what passes by itself, or once somebody has done something: CrmFailed, and AppError but for NotTaken, which
    is an answer: the movement's rules do not let it in.
    """
    found = await parts.db.read(_situation, message, parts.secrets)
    if found is None:
        return Outcome(State.REFUSED, "connection_ended")
    if message.kind == Kind.DELETED:
        asked = [Asked(ConflictKind.DELETED, "", {"record": found.record})]
        return Outcome(State.CONFLICT, ConflictKind.DELETED, found.linked, asked=asked)
    there = _asked(found, dialler, parts.secrets)
    try:
        if there is not None and found.linked is None:
            found = await _as_it_is(there, found, message)  # else it is asked for once it is known what was agreed on
        return await _whose(parts, found, message, there)
    except people.NotTaken as refused:
        # What the movement does not let in does not hold there either: the CRM is told how they are.
        return Outcome(State.REFUSED, refused.code, found.linked, told=found.linked is not None)


def _asked(found: Situation, dialler: Dialler, secrets: Secrets) -> Readable | None:
    """The CRM, where it is asked what the record holds; what somebody settled is about what they saw.

    Raises CrmRefuses where it cannot be asked at all.
    """
    if found.choice is not None or not found.hook.reads:
        return None
    crm = opened(found.connection, dialler, secrets)
    return crm if isinstance(crm, Readable) else None


async def _as_it_is(there: Readable, found: Situation, message: Message) -> Situation:
    """The record as the CRM has it now. Raises NotTaken where it has none."""
    record = (await there.read([message.record])).get(message.record)
    if record is None:
        raise people.NotTaken("not_there")
    return replace(found, record=record)


async def _whose(parts: Parts, found: Situation, message: Message, there: Readable | None) -> Outcome:
    person = found.person
    if person is None and found.hook.basis is None:
        return Outcome(State.REFUSED, "not_known")
    if person is None:
        taken = await _taken_in(parts, found, message)
        if taken.outcome == ConflictKind.LOOKS_KNOWN:
            asked = [Asked(ConflictKind.LOOKS_KNOWN, "", {"record": found.record, "alike": taken.alike})]
            return Outcome(State.CONFLICT, taken.outcome, asked=asked)
        if taken.person is None:
            return Outcome(State.REFUSED, taken.outcome)
        person = taken.person
        found = replace(found, begun=found.begun or taken.outcome == people.ENTERED)
    for _ in range(_TRIES):
        try:
            return await _held_against(parts, found, message, person, there)
        except ChangedMeanwhile:
            continue
    raise ChangedMeanwhile


async def _taken_in(parts: Parts, found: Situation, message: Message) -> TakenIn:
    """Have whoever the record is of found or entered."""
    values = merging.said(mapping_for(found.connection).person, found.record)
    given = {name: value for name, value in values.items() if value is not None}
    came = Came(found.connection.system, message.record, found.hook.basis or "")
    await _begin(parts, message)
    is_new = found.choice is not None and found.choice.is_new
    return await people.take_in(parts, found.purposed, given, came, is_new=is_new)


async def _begin(parts: Parts, message: Message) -> None:
    """Keep that a change is asked for: if it is made and nobody lives to keep that, the next finds nothing to do."""
    if not message.begun:
        await parts.db.write(keeping.begin, message.movement, message.id)


async def _held_against(
    parts: Parts, found: Situation, message: Message, person: str, there: Readable | None
) -> Outcome:
    """Hold a record against a person, and change them where it is the CRM's value that holds.

    Raises ChangedMeanwhile where the person was edited between being read and written, or the CRM was told of them:
    their record is asked for after what was agreed on is read, or what we told would be taken for an edit there.
    """
    handed = await asking.these(parts, found.purposed, [person])
    person = handed.merged.get(person, person)
    ours = handed.by_id().get(person)
    if ours is None:
        return Outcome(State.REFUSED, "not_permitted" if person in handed.withheld else "unknown_person")
    link = await _link_of(parts, message, person)
    if link is not None and link.external_id != message.record:
        return Outcome(State.REFUSED, "another_record", person)
    if there is not None and link is not None:
        found = await _as_it_is(there, found, message)
    merged = _merged(parts, found, message, person, ours, {} if link is None else link.agreed)
    since = await _link_of(parts, message, person)
    if (since and since.agreed) != (link and link.agreed):
        raise ChangedMeanwhile
    refused = refused_channels(found.hook.refusals, found.record) & _reached_by(ours)
    if merged.take or refused:
        await _begin(parts, message)
    if merged.take:
        await people.change(parts, found.purposed, person, merged.take, _version_of(ours))
    for channel in sorted(refused):
        await people.refuse_for(parts, found.purposed, person, channel)
    is_so_by_this = merged.take or refused or found.begun
    state = State.CONFLICT if merged.ask else State.APPLIED if is_so_by_this else State.UNCHANGED
    asked = [_about(each, found.record) for each in merged.ask]
    # Whose record had no link is told our id of them, so that it is found by it from now on.
    return Outcome(state, None, person, merged.agreed, told=merged.told or link is None, asked=asked)


def _merged(
    parts: Parts, found: Situation, message: Message, person: str, ours: Record, agreed: Mapping[str, str]
) -> merging.Merged:
    mapping = mapping_for(found.connection).person
    wins = owners(mapping, found.connection.owners)
    by = partial(digest, parts.secrets.pepper, message.connection, person)
    settled = None if found.choice is None else found.choice.fields
    return merging.merge(mapping, ours, found.record, agreed, wins, by, settled=settled)


async def _link_of(parts: Parts, message: Message, person: str) -> Link | None:
    return (await parts.db.read(queue.links, message.movement, message.connection, [person])).get(person)


def _about(differing: merging.Differing, record: Record) -> Asked:
    about = {"name": differing.name, "ours": differing.ours, "theirs": differing.theirs, "record": record}
    return Asked(ConflictKind.FIELD, differing.field, about)


def _version_of(ours: Record) -> int:
    version = ours["version"]
    assert isinstance(version, int)
    return version


def _reached_by(ours: Record) -> set[str]:
    channels = ours["may_be_reached_by"]
    assert isinstance(channels, list)
    return set(channels)


def _situation(session: orm.Session, message: Message, secrets: Secrets) -> Situation | None:
    """Raises AtRest, and NotCovered where no agreement covers the connection."""
    movement = message.movement
    connection = connections.find(session, movement, message.connection)
    hook = store.hook(session, movement, message.connection)
    if connection is None or hook is None or message.said is None:
        return None
    if connection.status != ConnectionState.ENABLED:
        raise AtRest
    hold_to_agreement(session, connection)
    held = agreements.held(session, movement, connection.organisation)
    purposed = Purposed(
        movement, connection.id, connection.organisation, connection.purpose, held.withheld(connection.purpose)
    )
    said = secrets.open(message.said, bound_to=place(movement, message.id))
    choice: Choice | None = None
    if message.kind == Kind.SETTLED:
        settled = msgspec.json.decode(said, type=Settled)
        record, choice = settled.record, settled.choice
    else:
        record = msgspec.json.decode(said, type=dict[str, object])
    linked = store.linked(session, movement, message.connection, message.record)
    return Situation(connection, hook, purposed, record, choice, linked, message.begun)
