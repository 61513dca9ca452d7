"""Whether whoever decides may decide: the one decision at a time that somebody else makes, and by what authority.

Nobody else decides for an adult because they need help. What is kept is that the capacity for this decision was
assessed, and when; never what ails somebody.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.directory.people.models import AgeBand
from services.members.trust.children import parents
from services.members.trust.notices import store as notices
from services.members.trust.permissions.models import OWN, Authority, Decision
from services.members.trust.permissions.schemas import By, NewPermission, Notice
from services.members.trust.purposes import store as purposes
from shared.errors import Fault

_YOUNG = frozenset({AgeBand.UNDER_13, AgeBand.FROM_13_TO_15})
"""Under 16: the laws on capacity are about those who are older (Mental Capacity Act 2005, section 2(5))."""


def faults(
    session: Session, movement: str, person: str, band: AgeBand, said: NewPermission, place: str
) -> Iterator[Fault]:
    """What is wrong with who decides, and with the days that are named. A no is taken from anybody who is known."""
    today = days.today(session, movement)
    if said.said_on is not None and said.said_on > today:
        yield Fault(f"{place}/said_on", "is in the future", "in_the_future")
    if said.by is not None:
        yield from _of_giver(session, movement, person, said.by, f"{place}/by")
    if said.decision is Decision.GIVEN:
        yield from _of_notice(session, movement, said.notice, f"{place}/notice")
        yield from _of_days(said, today, place)
        yield from _of_authority(session, movement, person, band, said, today, f"{place}/by")


def _of_giver(session: Session, movement: str, person: str, by: By, place: str) -> Iterator[Fault]:
    if by.given_by is None:
        return
    giver = people.present_id(session, movement, by.given_by)
    if not people.known(session, movement, [giver]):
        yield Fault(f"{place}/given_by", "is no person of this movement", "unknown_person")
    if giver == person:
        yield Fault(f"{place}/given_by", "is the person themself: say so by the authority `self`", "own_authority")


def _of_notice(session: Session, movement: str, shown: Notice | None, place: str) -> Iterator[Fault]:
    """A notice that the movement keeps is named by a version that there is; one that it keeps elsewhere is believed."""
    kept = set() if shown is None else notices.versions(session, movement, shown.name)
    if shown is not None and kept and shown.version not in kept:
        yield Fault(place, "is no version of the notice that the movement has published", "unknown_notice")


def _of_days(said: NewPermission, today: date, place: str) -> Iterator[Fault]:
    if said.holds_from is not None and said.holds_from < today:
        reason = "is past: a permission never makes right what was done without it"
        yield Fault(f"{place}/holds_from", reason, "for_the_past")
    if said.review_on is not None and said.review_on <= today:
        yield Fault(f"{place}/review_on", "is not in the future", "in_the_past")


def _of_authority(
    session: Session, movement: str, person: str, band: AgeBand, said: NewPermission, today: date, place: str
) -> Iterator[Fault]:
    by = said.by or By(authority=Authority.SELF)
    for reason in too_young_or_old(session, movement, person, band, by.authority):
        yield Fault(f"{place}/authority", reason, "no_authority")
    if by.authority is Authority.BEST_INTERESTS and purposes.rule(session, movement, said.purpose).marketing:
        reason = "never reaches so far: nobody's best interests are that they are sent marketing"
        yield Fault(f"{place}/authority", reason, "no_authority")
    if by.authority in OWN:
        return
    if by.given_by is None and by.name is None:
        yield Fault(f"{place}/given_by", "is needed, or their name: who decided", "giver_missing")
    if by.authority is not Authority.PARENTAL_RESPONSIBILITY:
        yield from _of_capacity(by, said, today, place)


def _of_capacity(by: By, said: NewPermission, today: date, place: str) -> Iterator[Fault]:
    """What is asked of whoever decides for somebody who cannot."""
    if by.capacity_assessed_on is None:
        reason = "is needed: capacity for this decision is presumed until it was assessed"
        yield Fault(f"{place}/capacity_assessed_on", reason, "capacity_presumed")
    elif by.capacity_assessed_on > today:
        yield Fault(f"{place}/capacity_assessed_on", "is in the future", "in_the_future")
    if by.authority is Authority.ATTORNEY_OR_DEPUTY and by.evidence is None:
        yield Fault(f"{place}/evidence", "is needed: which power or order was seen", "evidence_missing")
    if by.authority is Authority.BEST_INTERESTS and not by.consulted:
        yield Fault(f"{place}/consulted", "is needed: who was asked what the person would want", "nobody_consulted")
    if by.authority is Authority.BEST_INTERESTS and said.review_on is None:
        pointer = f"{place.rpartition('/')[0]}/review_on"
        yield Fault(pointer, "is needed: what is decided in somebody's best interests is looked at again", "missing")


def too_young_or_old(
    session: Session, movement: str, person: str, band: AgeBand, authority: Authority
) -> Iterator[str]:
    """Why an authority does not reach to somebody of that age, as whoever decided is told; nothing where it does."""
    match authority:
        case Authority.SELF | Authority.SELF_WITH_SUPPORT:
            under = parents.needed_under(session, movement, person, band)
            if under is not None:
                yield f"is not enough under {under}: somebody with parental responsibility says yes too"
        case Authority.PARENTAL_RESPONSIBILITY if band is AgeBand.ADULT:
            yield "has ended: the person is an adult and decides for themself"
        case Authority.PARENTAL_RESPONSIBILITY if band is AgeBand.NOT_ASKED:
            yield "needs a child, and it is not known how old the person is"
        case Authority.ATTORNEY_OR_DEPUTY | Authority.BEST_INTERESTS if band in _YOUNG:
            yield "is for those who are 16 or older; for a child it is parental responsibility"
