"""The verbs of alignments: signed, their acts done, ended, and two of them compared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.organisations import store as organisations
from services.members.life.agenda import domain as agendas
from services.members.life.agenda import store as agenda_store
from services.members.life.agenda.models import AgendaState
from services.members.life.alignments import difference, store
from services.members.life.alignments.models import AlignmentAct, AlignmentState, CannotBeSigned, PartnerAlignment
from services.members.life.alignments.schemas import AlignmentEnding, NewAct, NewAlignment
from services.members.life.alignments.store import Chosen
from services.members.named import named, organisation_now
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.life import AlignmentEnded, AlignmentSigned
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Apart:
    """Two alignments, and a sentence for each difference between them."""

    one: PartnerAlignment
    other: PartnerAlignment
    in_words: Sequence[str]


def sign(session: Session, movement: str, said: NewAlignment) -> PartnerAlignment:
    """Note a partner's signature; what it signed before is replaced. Raises Invalid, CannotBeSigned."""
    found = named(session, movement, organisations={"/organisation": said.organisation})
    agenda = agenda_store.find(session, movement, said.agenda, locked=True)
    unknown = [] if agenda else [Fault("/agenda", "is no version of this movement's agenda", "unknown_agenda")]
    at, today = clock.now(), days.today(session, movement)
    signed_on = said.signed_on or today
    early = [Fault("/signed_on", "is still to come", "in_the_future")] if signed_on > today else []
    if agenda is None or found.faults or early:
        raise Invalid(faults=[*found.faults, *unknown, *early])
    if agenda.state != AgendaState.PUBLISHED:
        raise CannotBeSigned(f"it is {agenda.state}", state=agenda.state)
    organisation = found.ids["/organisation"]
    organisations.for_change(session, movement, organisation)  # two signatures of one partner come one after the other
    for earlier in store.signed_by(session, movement, organisation):
        earlier.replace(signed_on, at)
        outbox.record(session, AlignmentEnded(alignment=earlier.id, organisation=organisation))
    alignment = PartnerAlignment(
        movement=movement,
        id=new_id("alignment"),
        version=1,
        organisation=organisation,
        agenda=agenda.id,
        state=AlignmentState.SIGNED,
        signed_on=signed_on,
        signed_for=said.signed_for,
        created_at=at,
        updated_at=at,
    )
    session.add(alignment)
    session.flush()  # its acts refer to it
    session.add_all(_act(alignment, act) for act in said.acts)
    outbox.record(session, AlignmentSigned(alignment=alignment.id, organisation=organisation, agenda=agenda.id))
    return read(session, movement, alignment.id)


def add_act(session: Session, movement: str, id: str, said: NewAct) -> PartnerAlignment:
    """Note something more that a partner starts, stops or changes. Raises NotFound, NotSigned."""
    alignment = _held(session, movement, id)
    alignment.check_signed()
    session.add(_act(alignment, said))
    alignment.changed(clock.now())
    return read(session, movement, id)


def do(session: Session, movement: str, id: str, act: str, on: date | None) -> PartnerAlignment:
    """Note that a partner does what it said. Raises NotFound, NotSigned, DoneAlready, Invalid."""
    alignment, today = _held(session, movement, id), days.today(session, movement)
    alignment.check_signed()
    doing = next((each for each in alignment.acts if each.id == act), None)
    if doing is None:
        raise NotFound
    if on is not None and on > today:
        raise Invalid(faults=[Fault("/on", "is still to come", "in_the_future")])
    doing.done(on or today)
    alignment.changed(clock.now())
    return read(session, movement, id)


def end(session: Session, movement: str, id: str, said: AlignmentEnding) -> PartnerAlignment:
    """Note that a partner no longer stands behind what it signed. Raises NotFound, IllegalTransition, Invalid."""
    alignment = _held(session, movement, id)
    on = said.on or days.today(session, movement)
    if on < alignment.signed_on:
        raise Invalid(faults=[Fault("/on", "is before the day on which it was signed", "before_start")])
    alignment.end(on, said.why, clock.now())
    outbox.record(session, AlignmentEnded(alignment=id, organisation=alignment.organisation))
    return read(session, movement, id)


def list_alignments(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[PartnerAlignment]:
    """Alignments in the order in which they were signed; of a partner by any id that it ever had."""
    chosen = replace(chosen, organisation=organisation_now(session, movement, chosen.organisation))
    return store.list_alignments(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> PartnerAlignment:
    """One alignment. Raises NotFound."""
    session.flush()
    return _found(store.find(session, movement, id))


def compare(session: Session, movement: str, one: str, other: str) -> Apart:
    """Two alignments beside each other. Raises NotFound."""
    here, there = read(session, movement, one), read(session, movement, other)
    versions = {id_: agendas.read(session, movement, id_) for id_ in {here.agenda, there.agenda}}
    names = store.names(session, movement, {here.organisation, there.organisation})
    return Apart(here, there, difference.in_words(here, there, versions, names))


def _act(alignment: PartnerAlignment, said: NewAct) -> AlignmentAct:
    return AlignmentAct(
        movement=alignment.movement,
        id=new_id("act"),
        alignment=alignment.id,
        kind=said.kind,
        words=said.words,
        by=said.by,
    )


def _held(session: Session, movement: str, id: str) -> PartnerAlignment:
    return _found(store.find(session, movement, id, locked=True))


def _found(alignment: PartnerAlignment | None) -> PartnerAlignment:
    if alignment is None:
        raise NotFound
    return alignment
