"""Succession: an organisation ends on a day, others go on in its place, and each thing that it has passes on or ends.

A clinical commissioning group became an integrated care board; a group is wound up and two carry on its work. What
passes on is said for each successor; what nobody takes ends that day.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.affiliations import domain as affiliations
from services.members.directory.affiliations import store as affiliations_store
from services.members.directory.organisations import domain, store
from services.members.directory.organisations.models import Organisation, Succession
from services.members.directory.organisations.schemas import NewSuccession, Passing, Successor
from services.members.engagement.pledges import passing as pledges
from shared import clock, outbox
from shared.errors import Fault, Invalid
from shared.events.members.organisations import OrganisationEnded, OrganisationSucceeded, OrganisationUpdated


@dataclass(slots=True)
class Passed:
    """An organisation that is no more, and how many of each kind of thing passed on or ended with it."""

    organisation: Organisation
    passed_on: Counter[Passing] = field(default_factory=Counter)
    ended: Counter[Passing] = field(default_factory=Counter)

    def count(self, kind: Passing, passes: bool, number: int = 1) -> None:
        """So many more of a kind."""
        if number:
            (self.passed_on if passes else self.ended)[kind] += number


def succeed(session: Session, movement: str, organisation: str, said: NewSuccession, expected: int | None) -> Passed:
    """End an organisation and let others go on in its place. Raises NotFound, EndedOrganisation and Invalid."""
    row = domain.held(session, movement, organisation, expected)
    row.end(said.on)
    successors = _known(session, movement, row, said)
    outbox.record(session, OrganisationEnded(organisation=row.id))
    for successor in successors:
        store.add_succession(
            session,
            Succession(movement=movement, organisation=row.id, successor=successor.organisation, succeeded_on=said.on),
        )
        outbox.record(session, OrganisationSucceeded(organisation=row.id, successor=successor.organisation))
    passed = Passed(row)
    _pass_affiliations(session, movement, passed, successors, said.on)
    _pass_parts(session, movement, passed, successors)
    _pass_pledges(session, movement, passed, successors, said.on)
    passed.organisation = domain.changed(session, row)
    return passed


def _known(session: Session, movement: str, row: Organisation, said: NewSuccession) -> list[Successor]:
    """The successors by their present ids. Raises Invalid with every fault."""
    given = [each.organisation for each in said.successors]
    now = store.current(session, movement, given) if given else {}
    found = {each: store.for_change(session, movement, now[each]) for each in sorted(given)}
    faults = list(_faults(row, said, [found[each] for each in given]))
    if said.on > days.today(session, movement):
        faults.append(Fault("/on", "is in the future", "in_the_future"))
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


def _taker(successors: Sequence[Successor], kind: Passing) -> str | None:
    """The successor that takes everything of a kind, if one does."""
    return next((each.organisation for each in successors if kind in each.takes), None)


def _pass_affiliations(
    session: Session, movement: str, passed: Passed, successors: Sequence[Successor], on: date
) -> None:
    """The people in a role that a successor names go there, the others to whoever takes all."""
    of_role = {role: each.organisation for each in successors for role in each.roles}
    takes_rest = _taker(successors, Passing.AFFILIATIONS)
    for affiliation in affiliations_store.open_on(session, movement, passed.organisation.id, on):
        to = of_role.get(affiliation.role or "", takes_rest)
        passed.count(Passing.AFFILIATIONS, affiliations.pass_on(session, movement, affiliation, to, on))


def _pass_parts(session: Session, movement: str, passed: Passed, successors: Sequence[Successor]) -> None:
    """The parts become parts of whoever takes them; one that the taker itself is a part of stands by itself."""
    taker = _taker(successors, Passing.PARTS)
    above = set(_and_above(session, movement, taker))
    for part in store.parts_of(session, movement, passed.organisation.id):
        part.parent = None if part.id in above else taker
        part.changed(clock.now())
        outbox.record(session, OrganisationUpdated(organisation=part.id, version=part.version))
        passed.count(Passing.PARTS, part.parent is not None)


def _pass_pledges(session: Session, movement: str, passed: Passed, successors: Sequence[Successor], on: date) -> None:
    """The open pledges become those of whoever takes them; else the organisation is freed from them."""
    taker = _taker(successors, Passing.PLEDGES)
    number = pledges.pass_on(session, movement, passed.organisation.id, taker, on)
    passed.count(Passing.PLEDGES, taker is not None, number)


def _and_above(session: Session, movement: str, organisation: str | None) -> Iterator[str]:
    """An organisation, and whatever it is a part of."""
    while organisation is not None:
        yield organisation
        organisation = store.parent_of(session, movement, organisation)
