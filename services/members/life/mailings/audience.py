"""Whom something reaches at this moment, and why everybody else of the segment is left out.

Read a page of people at a time, in the order of their ids: for the preview, for a mailing while it is gathered, and for
the lists that are kept true. Nothing here is remembered from one time to the next.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people.models import Email, Person
from services.members.directory.segments import domain as segments
from services.members.directory.segments.statement import whom
from services.members.life.mailings.addresses import digest, folded
from services.members.life.mailings.held_back import store as held_back
from services.members.life.mailings.held_back.models import ReturnKind
from services.members.life.mailings.models import LeftOut, Mailing, MailingState, Recipient, RecipientState
from services.members.trust.employers.store import not_own_staff
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.verdicts import among, permitting
from services.members.trust.safeguarding.protected.store import protected
from shared import clock
from shared.secrets import Secrets
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: for which purpose, of which segment (none: of everybody), and by which settings."""

    purpose: str
    segment: str
    settings: Settings
    secrets: Secrets


class Found(NamedTuple):
    """Somebody of the segment: with the address that they are written to at, or the reason why they are not."""

    person: str
    given_name: str
    family_name: str | None
    address: str | None
    reason: LeftOut | None


_PRIMARY = (Email.movement == Person.movement) & (Email.person == Person.id) & Email.is_primary
_WHY: Mapping[ReturnKind, LeftOut] = {
    ReturnKind.COMPLAINED: LeftOut.COMPLAINED,
    ReturnKind.UNSUBSCRIBED: LeftOut.UNSUBSCRIBED,
    ReturnKind.BOUNCED: LeftOut.BOUNCED,
    ReturnKind.BLOCKED: LeftOut.BLOCKED,
}
"""The reasons by what came back, the one that is told before the others first."""


def page(session: Session, movement: str, asked: Asked, after: str, limit: int, taken: Collection[str]) -> list[Found]:
    """The next people of the segment behind an id. ``taken`` are the addresses that somebody before them has. NotFound.

    Of two who share an address the first one gets it: an inbox is written to once.
    """
    rows = session.execute(_people(session, movement, asked.segment, after, limit)).all()
    ids, at = [row.id for row in rows], clock.now()
    permitted = among(session, movement, ids, asked.purpose, Channel.EMAIL, at)
    quiet = held_back.quiet_among(session, movement, ids, days.today(session, movement))
    often = _often(session, movement, ids, asked.settings, at)
    back = _came_back(session, movement, asked, [row.address for row in rows if row.address is not None])
    seen, found = set(taken), []
    for row in rows:
        address = None if row.address is None else folded(row.address)
        reason = _reason(row.id, address, permitted, quiet, often, back, seen)
        if reason is None and address is not None:
            seen.add(address)
        found.append(Found(row.id, row.given_name, row.family_name, address, reason))
    return found


def still(session: Session, movement: str, asked: Asked, people: Mapping[str, str]) -> Mapping[str, LeftOut]:
    """Of some people, with their addresses, those who are not to be written to by now, with the reason."""
    permitted = among(session, movement, people.keys(), asked.purpose, Channel.EMAIL, clock.now())
    quiet = held_back.quiet_among(session, movement, people.keys(), days.today(session, movement))
    back = _came_back(session, movement, asked, list(people.values()))
    reasons = {
        person: _reason(person, folded(address), permitted, quiet, frozenset(), back, frozenset())
        for person, address in people.items()
    }
    return {person: reason for person, reason in reasons.items() if reason is not None}


def permitted_page(session: Session, movement: str, asked: Asked, after: str, limit: int) -> list[Found]:
    """The next people who permit the purpose and can be written to: who is to be on a list that is kept true."""
    query = _wanted(session, movement, asked).where(Person.id > after).order_by(Person.id).limit(limit)
    rows = session.execute(query).all()
    back = _came_back(session, movement, asked, [row.address for row in rows])
    return [
        Found(row.id, row.given_name, row.family_name, folded(row.address), back.get(folded(row.address)))
        for row in rows
    ]


def wanted_among(session: Session, movement: str, asked: Asked, people: Collection[str]) -> Mapping[str, str]:
    """Those of some people who are to be on a list, with the address that they are written to at."""
    query = _wanted(session, movement, asked).where(Person.id.in_(people))
    return {row.id: folded(row.address) for row in session.execute(query)}


def _wanted(session: Session, movement: str, asked: Asked) -> sa.Select[*tuple[str, str, str | None, str]]:
    """Everybody who permits the purpose by e-mail and has an address, with their primary one."""
    return (
        sa.select(Person.id, Person.given_name, Person.family_name, Email.address)
        .join(Email, _PRIMARY)
        .where(
            Person.movement == movement,
            permitting(session, movement, Person.id, asked.purpose, Channel.EMAIL, clock.now()),
            Person.id.not_in(protected(session, movement)),
        )
    )


def _people(
    session: Session, movement: str, segment: str, after: str, limit: int
) -> sa.Select[*tuple[str, str, str | None, str | None]]:
    """People of a segment, as it finds them now, behind an id: with their primary address, if they have one."""
    node, known = segments.resolve(session, movement, segments.read(session, movement, segment).filter)
    query = sa.select(Person.id, Person.given_name, Person.family_name, Email.address).outerjoin(Email, _PRIMARY)
    own_staff = not_own_staff(session, movement, Person.id)
    return query.where(whom(node, known), Person.id > after, *own_staff).order_by(Person.id).limit(limit)


def _reason(
    person: str,
    address: str | None,
    permitted: Collection[str],
    quiet: Collection[str],
    often: Collection[str],
    back: Mapping[str, LeftOut],
    seen: Collection[str],
) -> LeftOut | None:
    """Why somebody is not written to: what came back says the most, and what we reckon the least."""
    if address is not None and address in back:
        return back[address]
    if person not in permitted:
        return LeftOut.NOT_PERMITTED
    if address is None:
        return LeftOut.NO_ADDRESS
    if person in quiet:
        return LeftOut.QUIET
    if person in often:
        return LeftOut.TOO_OFTEN
    return LeftOut.SAME_ADDRESS if address in seen else None


def _came_back(session: Session, movement: str, asked: Asked, addresses: Sequence[str]) -> Mapping[str, LeftOut]:
    """The addresses that are held back for this purpose, and why."""
    by_digest = {digest(asked.secrets, movement, address): folded(address) for address in addresses}
    kinds = held_back.kinds_of(session, movement, asked.purpose, list(by_digest))
    return {by_digest[each]: next(why for kind, why in _WHY.items() if kind in found) for each, found in kinds.items()}


def _often(
    session: Session, movement: str, people: Collection[str], settings: Settings, at: datetime
) -> frozenset[str]:
    """Those who were written to as often as anybody is within so many days."""
    since = at - timedelta(days=settings.mailing_cap_days)
    query = (
        sa.select(Recipient.person)
        .join(Mailing, (Mailing.movement == Recipient.movement) & (Mailing.id == Recipient.mailing))
        .where(
            Recipient.movement == movement,
            Recipient.person.in_(people),
            Recipient.state == RecipientState.HANDED,
            Mailing.state == MailingState.SENT,
            Mailing.sent_at > since,
        )
        .group_by(Recipient.person)
        .having(sa.func.count() >= settings.mailing_cap)
    )
    return frozenset(session.scalars(query))
