"""Saying stop, and the proof that it was obeyed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people import store as people
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions.models import Stop
from services.members.trust.stops import store
from services.members.trust.stops.models import StopReceipt
from services.members.trust.stops.parts import ELSEWHERE, PARTS
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.members.trust import PersonStopped, StopOverdue
from shared.ids import new_id


class Shown(NamedTuple):
    """A stop, and what each part ended for it."""

    stop: Stop
    receipts: Sequence[StopReceipt]


def say(session: Session, movement: str, person: str, by: str, within: timedelta) -> Shown:
    """Stop everything that reaches a person or hands on what is theirs. Said once more it does no harm. NotFound.

    The parts of this service end what is standing in the same transaction: once it is answered, it is so. The others
    are told, and are late where they have not answered ``within`` that time.
    """
    now_known_as = people.present_id(session, movement, person)
    if people.for_change(session, movement, now_known_as) is None:
        raise NotFound
    at, stop = clock.now(), new_id("stop")
    ended: dict[str, int | None] = dict.fromkeys(ELSEWHERE)
    ended["permissions"] = permissions.tell_all_ended(session, movement, now_known_as, at)
    said = Stop(movement=movement, id=stop, person=now_known_as, stopped_at=at, recorded_by=by)
    store.add(session, said)
    outbox.record(session, PersonStopped(person=now_known_as, stop=stop))
    ended |= {name: part(session, movement, now_known_as) for name, part in PARTS.items()}
    obeyed_at = clock.now()
    receipts = [
        StopReceipt(
            movement=movement,
            stop=stop,
            part=part,
            due_at=at + within,
            ended=count,
            obeyed_at=None if count is None else obeyed_at,
        )
        for part, count in sorted(ended.items())
    ]
    for receipt in receipts:
        store.add(session, receipt)
    return Shown(said, receipts)


def obeyed(session: Session, movement: str, stop: str, part: str, ended: int) -> None:
    """A part has obeyed a stop, and ended so many things. Of a person who was erased meanwhile there is no receipt."""
    receipt = store.receipt(session, movement, stop, part)
    if receipt is not None:
        receipt.obey(ended, clock.now())


def call_late(session: Session, movement: str, slice_of: int) -> bool:
    """Announce the next parts that have not obeyed in time; whether more may have."""
    at = clock.now()
    found = store.newly_late(session, movement, at, slice_of)
    for receipt, person in found:
        receipt.late_at = at
        outbox.record(session, StopOverdue(person=person, stop=receipt.stop, part=receipt.part))
    return len(found) == slice_of


def read(session: Session, movement: str, person: str, stop: str) -> Shown:
    """One stop with its proof. Raises NotFound."""
    found = store.find(session, movement, people.present_id(session, movement, person), stop)
    if found is None:
        raise NotFound
    return Shown(found, store.receipts(session, movement, [found.id]))


def list_stops(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Shown]:
    """A person's stops, the first one first, with their proofs. Raises NotFound."""
    now_known_as = people.present_id(session, movement, person)
    if not people.known(session, movement, [now_known_as]):
        raise NotFound
    stops = store.list_stops(session, movement, now_known_as, after=after, limit=limit)
    receipts = store.receipts(session, movement, [stop.id for stop in stops])
    return [Shown(stop, [each for each in receipts if each.stop == stop.id]) for stop in stops]
