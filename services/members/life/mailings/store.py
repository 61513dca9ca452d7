"""Every SQL statement about mailings and their recipients."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.people.models import Person
from services.members.life.mailings.models import LeftOut, Mailing, MailingState, Recipient, RecipientState, Written
from services.members.life.mailings.tools.models import ListEntry, MailingTool
from services.members.trust.employers.store import not_own_staff


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which mailings are wanted; None where it does not matter."""

    state: MailingState | None = None
    tool: str | None = None
    updated_since: datetime | None = None


class Waiting(NamedTuple):
    """A recipient whom the tool is still to be given, and how the address stands on its list, if it was ever there."""

    id: str
    person: str
    address: str
    given_name: str
    family_name: str | None
    stands: str | None


_written = sa.select(Mailing, MailingTool.purpose).join(
    MailingTool, (MailingTool.movement == Mailing.movement) & (MailingTool.id == Mailing.tool)
)


def add(session: Session, row: Mailing | Recipient) -> None:
    """Insert a mailing, or somebody who is in one or left out."""
    session.add(row)


def find(session: Session, movement: str, mailing: str) -> Written | None:
    """One mailing, and its purpose."""
    found = session.execute(_written.where(Mailing.movement == movement, Mailing.id == mailing)).one_or_none()
    return None if found is None else Written(*found)


def for_change(session: Session, movement: str, mailing: str) -> Mailing | None:
    """One mailing, locked until the transaction ends."""
    return session.get(Mailing, (movement, mailing), with_for_update=True)


def list_mailings(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Written]:
    """Mailings in the order in which they were begun, those after ``after`` first."""
    query = _written.where(Mailing.movement == movement)
    for column, wanted in ((Mailing.state, chosen.state), (Mailing.tool, chosen.tool)):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Mailing.updated_at >= chosen.updated_since)
    return [Written(*row) for row in session.execute(page(query, Mailing.id, after, limit))]


def recipients(
    session: Session,
    movement: str,
    mailing: str,
    *,
    state: RecipientState | None,
    reason: LeftOut | None,
    after: After,
    limit: int,
) -> Sequence[Recipient]:
    """Who is in a mailing or left out of it, in no order that says anything."""
    query = sa.select(Recipient).where(
        Recipient.movement == movement,
        Recipient.mailing == mailing,
        *not_own_staff(session, movement, Recipient.person),
    )
    for column, wanted in ((Recipient.state, state), (Recipient.reason, reason)):
        if wanted is not None:
            query = query.where(column == wanted)
    return session.scalars(page(query, Recipient.id, after, limit)).all()


def forget_recipients(session: Session, movement: str, mailing: str) -> None:
    """Take everybody out of a mailing that went to nobody."""
    session.execute(sa.delete(Recipient).where(Recipient.movement == movement, Recipient.mailing == mailing))


def taken_among(session: Session, movement: str, mailing: str, addresses: Collection[str]) -> frozenset[str]:
    """Those of some addresses at which somebody in the mailing is written to already."""
    query = sa.select(Recipient.address).where(
        Recipient.movement == movement, Recipient.mailing == mailing, Recipient.address.in_(addresses)
    )
    return frozenset(address for address in session.scalars(query) if address is not None)


def waiting(session: Session, movement: str, mailing: str, tool: str, limit: int) -> Sequence[Waiting]:
    """The next people whom the tool is to be given."""
    on_list = (
        (ListEntry.movement == Recipient.movement) & (ListEntry.tool == tool) & (ListEntry.address == Recipient.address)
    )
    address = sa.func.coalesce(Recipient.address, "")  # whoever waits has one
    query = (
        sa.select(Recipient.id, Recipient.person, address, Person.given_name, Person.family_name, ListEntry.stands)
        .join(Person, (Person.movement == Recipient.movement) & (Person.id == Recipient.person))
        .outerjoin(ListEntry, on_list)
        .where(
            Recipient.movement == movement,
            Recipient.mailing == mailing,
            Recipient.state == RecipientState.WAITING,
        )
        .order_by(Recipient.id)
        .limit(limit)
    )
    rows = session.execute(query)
    return [Waiting(id_, who, where, given, family, stands) for id_, who, where, given, family, stands in rows]


def handed(session: Session, movement: str, mailing: str, after: str, limit: int) -> Sequence[Recipient]:
    """The next people whom the tool was given, in the order of the rows."""
    query = sa.select(Recipient).where(
        Recipient.movement == movement,
        Recipient.mailing == mailing,
        Recipient.state == RecipientState.HANDED,
        Recipient.id > after,
    )
    return session.scalars(query.order_by(Recipient.id).limit(limit)).all()


def settle(session: Session, movement: str, outcomes: Mapping[str, LeftOut | None], at: datetime) -> None:
    """Keep what became of recipients: handed to the tool, or left out for a reason."""
    query = sa.select(Recipient).where(Recipient.movement == movement, Recipient.id.in_(outcomes))
    for row in session.scalars(query):
        row.reason, row.at = outcomes[row.id], at
        row.state = RecipientState.HANDED if row.reason is None else RecipientState.LEFT_OUT


def close(session: Session, movement: str, mailing: str) -> int:
    """Forget the addresses of a mailing that went out; how many people it went to."""
    of_it = Recipient.movement == movement, Recipient.mailing == mailing
    session.execute(sa.update(Recipient).where(*of_it).values(address=None))
    counted = sa.select(sa.func.count()).where(*of_it, Recipient.state == RecipientState.HANDED)
    return session.scalars(counted).one()
