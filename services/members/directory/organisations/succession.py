"""Succession: an organisation ends on a day, others go on in its place, and each thing that it has passes on or ends.

A clinical commissioning group became an integrated care board; a group is wound up and two carry on its work. What
passes on is said for each successor; what nobody takes ends that day. The day may be to come: until then all stays as
it is, and on the day the scheduled look does it. What became of each thing is kept, so that it can be undone
(:mod:`services.members.directory.organisations.undoing`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.community.programmes import passing as programmes
from services.members.directory.affiliations import domain as affiliations
from services.members.directory.affiliations import store as affiliations_store
from services.members.directory.organisations import domain, store
from services.members.directory.organisations.models import (
    Ending,
    EndingState,
    Organisation,
    Passage,
    Shown,
    Succession,
    Taking,
)
from services.members.directory.organisations.schemas import NewSuccession, Passing, Successor
from services.members.engagement.commitments import passing as commitments
from services.members.engagement.memberships import passing as memberships
from services.members.engagement.pledges import passing as pledges
from services.members.life.exchange import passing as exchange
from services.members.life.staff_time import passing as staff_time
from services.members.life.voices import passing as voices
from shared import clock, outbox
from shared.errors import Fault, Invalid
from shared.events.members.organisations import OrganisationEnded, OrganisationSucceeded, OrganisationUpdated

_ROLE = "role:"
"""Before the name of a role, where what is taken is the people who have it."""


@dataclass(slots=True)
class Passed:
    """An organisation that is no more, and how many of each kind of thing passed on or ended with it."""

    organisation: Organisation
    passed_on: Counter[Passing] = field(default_factory=Counter)
    ended: Counter[Passing] = field(default_factory=Counter)
    passages: list[Passage] = field(default_factory=list)
    shown: Shown = field(init=False)
    """What is shown of the organisation from then on."""

    def note(self, kind: Passing, record: str, onward: str | None, *, passes: bool, was: date | None = None) -> None:
        """One more of a kind: it passes on, or ends."""
        (self.passed_on if passes else self.ended)[kind] += 1
        of = self.organisation
        self.passages.append(
            Passage(movement=of.movement, organisation=of.id, kind=kind, record=record, onward=onward, was=was)
        )


def succeed(session: Session, movement: str, organisation: str, said: NewSuccession, expected: int | None) -> Passed:
    """End an organisation and let others go on in its place, now or on a day to come.

    Raises NotFound, EndedOrganisation and Invalid.
    """
    row = domain.held(session, movement, organisation, expected)
    row.end(said.on)
    successors = _known(session, movement, row, said)
    ending = Ending(movement=movement, organisation=row.id, on=said.on, state=EndingState.PLANNED)
    of_end: dict[str, str] = {"movement": movement, "organisation": row.id}
    follow = [Succession(**of_end, successor=each.organisation, succeeded_on=said.on) for each in successors]
    take = [
        Taking(**of_end, successor=each.organisation, what=what)
        for each in successors
        for what in (*each.takes, *(_ROLE + role for role in each.roles))
    ]
    store.add_all(session, [ending, *follow, *take])
    if said.on > days.today(session, movement):
        passed = Passed(row)
        passed.shown = domain.changed(session, row)
        return passed
    return _carry_out(session, movement, row, ending)


def carry_out_due(session: Session, movement: str, slice_of: int) -> bool:
    """End the next organisations whose day has come where the movement is; whether more may have."""
    due = store.endings_due(session, movement, days.today(session, movement), slice_of)
    for ending in due:
        row = store.for_change(session, movement, ending.organisation)
        if row is not None:
            _carry_out(session, movement, row, ending)
    return len(due) == slice_of


def _carry_out(session: Session, movement: str, row: Organisation, ending: Ending) -> Passed:
    """Let everything that an organisation has pass on or end. A successor that has ended by then takes nothing."""
    takes: dict[str, str] = {}
    for taking in store.takings(session, movement, row.id):
        successor = store.for_change(session, movement, taking.successor)
        if successor is not None and (successor.ended_on is None or successor.ended_on > ending.on):
            takes[taking.what] = taking.successor
    outbox.record(session, OrganisationEnded(organisation=row.id))
    for name in store.successors(session, movement, row.id):
        outbox.record(session, OrganisationSucceeded(organisation=row.id, successor=name))
    passed = Passed(row)
    _pass_affiliations(session, movement, passed, takes, ending.on)
    _pass_parts(session, movement, passed, takes.get(Passing.PARTS))
    _pass_pledges(session, movement, passed, takes.get(Passing.PLEDGES), ending.on)
    _pass_commitments(session, movement, passed, takes.get(Passing.COMMITMENTS))
    _pass_programmes(session, movement, passed, takes.get(Passing.PROGRAMMES), ending.on)
    _pass_asks_and_offers(session, movement, passed, takes.get(Passing.ASKS_AND_OFFERS))
    _pass_voices(session, movement, passed, takes.get(Passing.VOICES), ending.on)
    _pass_staff_time(session, movement, passed, takes.get(Passing.STAFF_TIME), ending.on)
    _leave(session, movement, passed)
    store.add_all(session, passed.passages)
    ending.state = EndingState.DONE
    passed.shown = domain.changed(session, row)
    return passed


def _known(session: Session, movement: str, row: Organisation, said: NewSuccession) -> list[Successor]:
    """The successors by their present ids. Raises Invalid with every fault."""
    given = [each.organisation for each in said.successors]
    now = store.current(session, movement, given) if given else {}
    found = {each: store.for_change(session, movement, now[each]) for each in sorted(given)}
    faults = list(_faults(row, said, [found[each] for each in given]))
    if faults:
        raise Invalid(faults=faults)
    return [each.model_copy(update={"organisation": now[each.organisation]}) for each in said.successors]


def _faults(row: Organisation, said: NewSuccession, found: Sequence[Organisation | None]) -> Iterator[Fault]:
    for number, successor in enumerate(found):
        pointer = f"/successors/{number}/organisation"
        if successor is None:
            yield Fault(pointer, "is no organisation of this movement", "unknown_organisation")
        elif successor.id == row.id:
            yield Fault(pointer, "is the organisation itself", "own_successor")
        elif successor.ended_on is not None and successor.ended_on <= said.on:
            yield Fault(pointer, "has ended by that day itself", "organisation_ended")


def _pass_affiliations(session: Session, movement: str, passed: Passed, takes: Mapping[str, str], on: date) -> None:
    """The people in a role that a successor names go there, the others to whoever takes all."""
    for affiliation in affiliations_store.open_on(session, movement, passed.organisation.id, on):
        to = takes.get(_ROLE + (affiliation.role or ""), takes.get(Passing.AFFILIATIONS))
        was = affiliation.ended_on
        onward = affiliations.pass_on(session, movement, affiliation, to, on)
        passed.note(Passing.AFFILIATIONS, affiliation.id, onward, passes=to is not None, was=was)


def _pass_parts(session: Session, movement: str, passed: Passed, taker: str | None) -> None:
    """The parts become parts of whoever takes them; one that the taker itself is a part of stands by itself."""
    above = domain.above(session, movement, taker)
    for part in store.parts_of(session, movement, passed.organisation.id):
        part.parent = None if part.id in above else taker
        part.changed(clock.now())
        outbox.record(session, OrganisationUpdated(organisation=part.id, version=part.version))
        passed.note(Passing.PARTS, part.id, part.parent, passes=part.parent is not None)


def _pass_pledges(session: Session, movement: str, passed: Passed, taker: str | None, on: date) -> None:
    """The open pledges become those of whoever takes them; else the organisation is freed from them."""
    for pledge in pledges.pass_on(session, movement, passed.organisation.id, taker, on):
        passed.note(Passing.PLEDGES, pledge, taker, passes=taker is not None)


def _pass_commitments(session: Session, movement: str, passed: Passed, taker: str | None) -> None:
    """The commitments under way become those of whoever takes them; else none of them is kept."""
    for commitment in commitments.pass_on(session, movement, passed.organisation.id, taker):
        passed.note(Passing.COMMITMENTS, commitment, taker, passes=taker is not None)


def _pass_programmes(session: Session, movement: str, passed: Passed, taker: str | None, on: date) -> None:
    """The programmes that it leads are led by whoever takes them; else they end with it."""
    for programme in programmes.pass_on(session, movement, passed.organisation.id, taker, on):
        passed.note(Passing.PROGRAMMES, programme, taker, passes=taker is not None)


def _pass_asks_and_offers(session: Session, movement: str, passed: Passed, taker: str | None) -> None:
    """What it asks for and offers becomes that of whoever takes it; else it is withdrawn."""
    for listing in exchange.pass_on(session, movement, passed.organisation.id, taker):
        passed.note(Passing.ASKS_AND_OFFERS, listing, taker, passes=taker is not None)


def _pass_voices(session: Session, movement: str, passed: Passed, taker: str | None, on: date) -> None:
    """What people said and it took up waits on whoever takes it; else on nobody now."""
    for uptake in voices.pass_on(session, movement, passed.organisation.id, taker, on):
        passed.note(Passing.VOICES, uptake, taker, passes=taker is not None)


def _pass_staff_time(session: Session, movement: str, passed: Passed, taker: str | None, on: date) -> None:
    """The staff time that it gives is given by whoever takes it; else it ends that day."""
    for time in staff_time.pass_on(session, movement, passed.organisation.id, taker, on):
        passed.note(Passing.STAFF_TIME, time, taker, passes=taker is not None)


def _leave(session: Session, movement: str, passed: Passed) -> None:
    """Its own membership ends; what it was before is kept, for undoing it."""
    left = memberships.leave(session, movement, passed.organisation.id)
    if left is not None:
        passed.note(Passing.MEMBERSHIP, left.membership, left.before, passes=False)
