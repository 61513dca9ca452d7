"""Every SQL statement about settings of care and aliases."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.community.assets.models import Asset, AssetKind, AssetState, AssetTerm, Scheme
from services.members.community.assets.publishable import publishable
from services.members.trust.care.models import Alias, AliasState, Setting
from shared import clock

_MOST_CANDIDATES = 2000
_KINDS = (AssetKind.GROUP, AssetKind.ACTIVITY, AssetKind.PLACE, AssetKind.INFORMAL_NETWORK)


def add(session: Session, row: Setting | Alias) -> None:
    """Insert a setting or an alias."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, setting: str, *, locked: bool = False) -> Setting | None:
    """One setting, perhaps locked until the transaction ends."""
    return session.get(Setting, (movement, setting), with_for_update=locked or None)


def find_alias(session: Session, movement: str, setting: str, alias: str, *, locked: bool = False) -> Alias | None:
    """One alias of a setting, perhaps locked until the transaction ends."""
    found = session.get(Alias, (movement, alias), with_for_update=locked or None)
    return found if found is not None and found.setting == setting else None


def called(session: Session, movement: str, setting: str, alias: str) -> str | None:
    """Who has that alias in a setting now."""
    query = sa.select(Alias.id).where(
        Alias.movement == movement,
        Alias.setting == setting,
        Alias.state == AliasState.OPEN,
        Alias.alias == alias,
    )
    return session.scalar(query)


def list_settings(
    session: Session,
    movement: str,
    *,
    organisation: str | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Setting]:
    """Settings in the order in which they were entered, those after ``after`` first."""
    query = sa.select(Setting).where(Setting.movement == movement)
    if organisation is not None:
        query = query.where(Setting.organisation == organisation)
    if updated_since is not None:
        query = query.where(Setting.updated_at >= updated_since)
    return session.scalars(page(query, Setting.id, after, limit)).all()


def list_aliases(
    session: Session,
    movement: str,
    setting: str,
    *,
    state: AliasState | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Alias]:
    """The aliases of a setting in the order in which they were entered, those after ``after`` first."""
    query = sa.select(Alias).where(Alias.movement == movement, Alias.setting == setting)
    if state is not None:
        query = query.where(Alias.state == state)
    if updated_since is not None:
        query = query.where(Alias.updated_at >= updated_since)
    return session.scalars(page(query, Alias.id, after, limit)).all()


def candidates(session: Session, movement: str, interests: Sequence[str]) -> Sequence[Asset]:
    """What is on the map, has room, and is about one of these interests."""
    sharing = sa.select(AssetTerm.asset).where(
        AssetTerm.movement == movement, AssetTerm.scheme == Scheme.INTEREST, AssetTerm.term.in_(interests)
    )
    query = sa.select(Asset).where(
        Asset.movement == movement,
        Asset.state == AssetState.PUBLISHED,
        Asset.kind.in_(_KINDS),
        publishable(session, movement, clock.now()),
        sa.or_(Asset.spare.is_(None), Asset.taken < Asset.spare),
        Asset.id.in_(sharing),
    )
    loaded = query.options(selectinload(Asset.terms), selectinload(Asset.times))
    return session.scalars(loaded.order_by(Asset.id).limit(_MOST_CANDIDATES)).all()
