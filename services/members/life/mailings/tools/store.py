"""Every SQL statement about mailing tools and their lists."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.life.mailings.tools.models import Forgetting, ListEntry, MailingTool, ToolState
from services.members.life.mailings.vendors.tool import AtTool

_AFTER_TROUBLE = timedelta(minutes=1)
"""A tool that is away is not asked again at once, whoever waits to be taken off."""


def add(session: Session, row: MailingTool | ListEntry | Forgetting) -> None:
    """Insert a tool, an entry of its list, or what it is to forget."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, tool: str, *, locked: bool = False) -> MailingTool | None:
    """One tool, perhaps locked until the transaction ends."""
    query = sa.select(MailingTool).where(MailingTool.movement == movement, MailingTool.id == tool)
    return session.scalar(query.with_for_update() if locked else query)


def list_tools(session: Session, movement: str, *, after: After, limit: int) -> Sequence[MailingTool]:
    """Tools in the order in which they were connected, those after ``after`` first."""
    query = sa.select(MailingTool).where(MailingTool.movement == movement)
    return session.scalars(page(query, MailingTool.id, after, limit)).all()


def live(session: Session, movement: str) -> set[str]:
    """The tools that are used."""
    query = sa.select(MailingTool.id).where(MailingTool.movement == movement, MailingTool.state == ToolState.LIVE)
    return set(session.scalars(query))


def due(session: Session, before: datetime, now: datetime) -> Sequence[tuple[str, str]]:
    """The live tools of all movements that nobody has looked after since a moment, and nobody is looking after now."""
    query = sa.select(MailingTool.movement, MailingTool.id).where(
        MailingTool.state == ToolState.LIVE,
        MailingTool.busy_until <= now,
        sa.or_(
            MailingTool.synced_at.is_(None),
            MailingTool.synced_at <= before,
            _is_to_do() & sa.or_(MailingTool.trouble.is_(None), MailingTool.synced_at <= now - _AFTER_TROUBLE),
        ),
    )
    return [(movement, tool) for movement, tool in session.execute(query)]


def claim(session: Session, movement: str, tool: str, now: datetime, until: datetime) -> MailingTool | None:
    """The tool, for us alone until a moment; None where somebody else has it, or it has ended."""
    found = find(session, movement, tool, locked=True)
    if found is None or found.state != ToolState.LIVE or found.busy_until > now:
        return None
    found.busy_until = until
    return found


def on_list(session: Session, movement: str, tool: str, after: str, limit: int) -> Sequence[ListEntry]:
    """Entries of addresses that are on the list, in the order of the addresses."""
    query = sa.select(ListEntry).where(
        ListEntry.movement == movement,
        ListEntry.tool == tool,
        ListEntry.stands == AtTool.ON,
        ListEntry.address > after,
    )
    return session.scalars(query.order_by(ListEntry.address).limit(limit)).all()


def entries(session: Session, movement: str, tool: str, addresses: Collection[str]) -> Mapping[str, ListEntry]:
    """What we know of some addresses on a list."""
    query = sa.select(ListEntry).where(
        ListEntry.movement == movement, ListEntry.tool == tool, ListEntry.address.in_(addresses)
    )
    return {entry.address: entry for entry in session.scalars(query)}


def everywhere(session: Session, movement: str, address: str) -> Sequence[ListEntry]:
    """What we know of an address on every list."""
    query = sa.select(ListEntry).where(ListEntry.movement == movement, ListEntry.address == address)
    return session.scalars(query.with_for_update()).all()


def entries_of(session: Session, movement: str, people: Collection[str]) -> Sequence[ListEntry]:
    """The entries of some people, locked."""
    query = sa.select(ListEntry).where(ListEntry.movement == movement, ListEntry.person.in_(people))
    return session.scalars(query.with_for_update()).all()


def leaving(session: Session, movement: str, tool: str, limit: int) -> Sequence[ListEntry]:
    """Entries that are to be taken off the list."""
    query = sa.select(ListEntry).where(ListEntry.movement == movement, ListEntry.tool == tool, ListEntry.leaving)
    return session.scalars(query.order_by(ListEntry.address).limit(limit)).all()


def forgettings(session: Session, movement: str, tool: str, limit: int) -> Sequence[Forgetting]:
    """Whom a tool is still to forget."""
    query = sa.select(Forgetting).where(Forgetting.movement == movement, Forgetting.tool == tool)
    return session.scalars(query.order_by(Forgetting.id).limit(limit)).all()


def forgotten(session: Session, movement: str, forgetting: str) -> None:
    """The tool has forgotten them."""
    session.execute(sa.delete(Forgetting).where(Forgetting.movement == movement, Forgetting.id == forgetting))


def _is_to_do() -> sa.ColumnElement[bool]:
    """That somebody is to be taken off the list or forgotten: that waits for no interval."""
    leaving = sa.select(ListEntry.address).where(
        ListEntry.movement == MailingTool.movement, ListEntry.tool == MailingTool.id, ListEntry.leaving
    )
    forgetting = sa.select(Forgetting.id).where(
        Forgetting.movement == MailingTool.movement, Forgetting.tool == MailingTool.id
    )
    return sa.or_(leaving.exists(), forgetting.exists())
