"""Every SQL statement about connectors' cases and their introductions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.community.assets.models import Asset, AssetState
from services.members.community.assets.publishable import publishable
from services.members.community.connections.models import (
    BEEN_THERE,
    ENDED_CASES,
    LIVE_CASES,
    CaseState,
    Connection,
    Conversation,
    Introduction,
    UnmetWish,
)
from services.members.directory.affiliations.models import Affiliation
from services.members.engagement.ladder import decisions
from services.members.engagement.ladder.models import LadderDecision, Reason
from services.members.trust.safeguarding.keep_apart import store as keep_apart
from services.members.trust.safeguarding.protected.store import protected
from shared import clock

_shown = sa.select(Connection).options(selectinload(Connection.introductions))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cases are wanted; None where it does not matter."""

    person: str | None = None
    connector: str | None = None
    state: CaseState | None = None
    updated_since: datetime | None = None


def add(session: Session, movement: str, row: Connection | Introduction | Conversation | UnmetWish) -> None:
    """Insert a row, at once: others refer to it."""
    row.movement = movement
    session.add(row)
    session.flush()


def find(session: Session, movement: str, connection: str) -> Connection | None:
    """A case with its introductions."""
    return session.scalar(_shown.where(Connection.movement == movement, Connection.id == connection))


def for_change(session: Session, movement: str, connection: str) -> Connection | None:
    """A case with its introductions, locked until the transaction ends."""
    query = _shown.where(Connection.movement == movement, Connection.id == connection)
    return session.scalar(query.with_for_update(of=Connection))


def again(session: Session, movement: str, case: Connection) -> Connection:
    """The case as it is now stored, with its introductions."""
    session.flush()
    query = _shown.where(Connection.movement == movement, Connection.id == case.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def list_connections(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Connection]:
    """Cases in the order in which they were opened, those after ``after`` first."""
    query = _shown.where(Connection.movement == movement)
    for column, wanted in (
        (Connection.person, chosen.person),
        (Connection.connector, chosen.connector),
        (Connection.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Connection.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Connection.id, after, limit)).all()


def movements_with_former_clients(session: Session) -> Sequence[str]:
    """The movements in which somebody has no rung as a client, and has a case that is over. Shared by all."""
    excluded = sa.and_(
        LadderDecision.movement == Connection.movement,
        LadderDecision.person == Connection.person,
        LadderDecision.reason == Reason.CLIENT,
        LadderDecision.ended_at.is_(None),
    )
    query = sa.select(Connection.movement).join(LadderDecision, excluded).where(Connection.state.in_(ENDED_CASES))
    return session.scalars(query.distinct()).all()


def former_clients(session: Session, movement: str, before: datetime, limit: int) -> Sequence[str]:
    """People who have no rung as clients, and whose cases all ended at or before a moment."""
    going_on = sa.select(Connection.person).where(
        Connection.movement == movement, sa.or_(Connection.state.in_(LIVE_CASES), Connection.state_since > before)
    )
    had_one = sa.select(Connection.person).where(Connection.movement == movement)
    query = decisions.excluded(movement, [Reason.CLIENT])
    query = query.where(LadderDecision.person.in_(had_one), LadderDecision.person.not_in(going_on))
    return session.scalars(query.order_by(LadderDecision.person).limit(limit)).all()


def conversations(session: Session, movement: str, connection: str) -> Sequence[Conversation]:
    """The sealed words of a case, the first first."""
    query = sa.select(Conversation).where(Conversation.movement == movement, Conversation.connection == connection)
    return session.scalars(query.order_by(Conversation.id)).all()


def open_to(session: Session, movement: str, person: str) -> list[sa.ColumnElement[bool]]:
    """The conditions that an asset can take a person: published, with a place left, and nobody there to be kept from.

    The last is asked of every asset alike, so neither an answer nor the time that it takes tells of it. Nothing is open
    to somebody protected, nor is what belongs to one.
    """
    hidden = protected(session, movement)
    whom = sorted(keep_apart.from_whom(session, movement, person))
    met = (
        sa.select(Introduction.asset)
        .join(
            Connection,
            sa.and_(Connection.movement == Introduction.movement, Connection.id == Introduction.connection),
        )
        .where(
            Introduction.movement == movement,
            Introduction.state.in_(BEEN_THERE),
            sa.or_(Connection.person.in_(whom), Introduction.host.in_(whom)),
        )
    )
    theirs = sa.select(Affiliation.organisation).where(
        Affiliation.movement == movement,
        Affiliation.person.in_(whom),
        sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > clock.now().date()),
    )
    return [
        sa.literal(person).not_in(hidden),
        Asset.movement == movement,
        Asset.state == AssetState.PUBLISHED,
        publishable(session, movement, clock.now()),
        sa.or_(Asset.spare.is_(None), Asset.taken < Asset.spare),
        sa.or_(Asset.person.is_(None), Asset.person.not_in({*whom, *hidden})),
        sa.or_(Asset.organisation.is_(None), Asset.organisation.not_in(theirs)),
        Asset.id.not_in(met),
    ]


def is_open_to(session: Session, movement: str, asset: str, person: str) -> bool:
    """Whether an asset can take a person now."""
    query = sa.select(Asset.id).where(*open_to(session, movement, person), Asset.id == asset)
    return session.scalar(query) is not None


def take_place(session: Session, movement: str, asset: str) -> int | None:
    """Take a place, and answer the declaration that it is of; None where there is none left.

    One conditional update: of two who want the last place at once, the second finds it taken.
    """
    taking = (
        sa.update(Asset)
        .where(Asset.movement == movement, Asset.id == asset, Asset.taken < Asset.spare)
        .values(taken=Asset.taken + 1, version=Asset.version + 1)
        .returning(Asset.declaration)
    )
    return session.scalar(taking, execution_options={"synchronize_session": False})


def free_place(session: Session, movement: str, asset: str, declaration: int) -> None:
    """Give a place back, unless spare places were declared anew since: then it is in that figure."""
    freeing = (
        sa.update(Asset)
        .where(Asset.movement == movement, Asset.id == asset, Asset.declaration == declaration, Asset.taken > 0)
        .values(taken=Asset.taken - 1, version=Asset.version + 1)
    )
    session.execute(freeing, execution_options={"synchronize_session": False})


def counts_places(session: Session, movement: str, asset: str) -> bool:
    """Whether an asset says how many it can take."""
    query = sa.select(Asset.spare).where(Asset.movement == movement, Asset.id == asset)
    return session.scalar(query) is not None
