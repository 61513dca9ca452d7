"""Every SQL statement of the feed: what is published, permitted, and no person's skill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.community.assets.models import (
    Asset,
    AssetKind,
    AssetState,
    AssetTerm,
    AssetTime,
    AssetWord,
    Scheme,
)
from services.members.community.assets.publishable import publishable
from services.members.community.referral.terms import SERVICE_KINDS
from services.members.directory.organisations.models import Organisation
from shared import clock


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader of the feed asks for; None is not asked about, and `nothing` is what no service can be."""

    nothing: bool = False
    located: bool = False
    words: Sequence[str] = ()
    interest: str | None = None
    any_interest: bool = False
    kind: AssetKind | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    starts: str | None = None
    ends: str | None = None
    day: str | None = None
    district: str | None = None
    modified_after: datetime | None = None


def ids(session: Session, movement: str) -> Sequence[str]:
    """The ids of all assets that the feed shows."""
    return session.scalars(sa.select(Asset.id).where(*_public(session, movement))).all()


def find(session: Session, movement: str, asset: str) -> Asset | None:
    """An asset that the feed shows, with what hangs on it."""
    query = sa.select(Asset).where(*_public(session, movement), Asset.id == asset)
    return session.scalar(query.options(selectinload(Asset.terms), selectinload(Asset.times)))


def count(session: Session, movement: str, asked: Asked) -> int:
    """How many assets the feed shows of what is asked for."""
    query = (
        sa.select(sa.func.count()).select_from(Asset).where(*_public(session, movement), *_conditions(movement, asked))
    )
    return session.scalars(query).one()


def list_assets(session: Session, movement: str, asked: Asked, offset: int, limit: int) -> Sequence[Asset]:
    """A page of them, in the order in which they were made."""
    query = sa.select(Asset).where(*_public(session, movement), *_conditions(movement, asked))
    return session.scalars(query.order_by(Asset.id).offset(offset).limit(limit)).all()


def organisations(session: Session, movement: str, assets: Sequence[Asset]) -> dict[str, Organisation]:
    """The organisations that these assets belong to, by id."""
    named = {asset.organisation for asset in assets if asset.organisation is not None}
    query = sa.select(Organisation).where(Organisation.movement == movement, Organisation.id.in_(named))
    return {organisation.id: organisation for organisation in session.scalars(query)} if named else {}


def interests(session: Session, movement: str) -> Sequence[str]:
    """Every interest of an asset that the feed shows."""
    shown = sa.select(Asset.id).where(*_public(session, movement))
    query = sa.select(AssetTerm.term).where(
        AssetTerm.movement == movement, AssetTerm.scheme == Scheme.INTEREST, AssetTerm.asset.in_(shown)
    )
    return session.scalars(query.distinct().order_by(AssetTerm.term)).all()


def _public(session: Session, movement: str) -> list[sa.ColumnElement[bool]]:
    return [
        Asset.movement == movement,
        Asset.state == AssetState.PUBLISHED,
        Asset.kind.in_(SERVICE_KINDS),
        publishable(session, movement, clock.now()),
    ]


def _conditions(movement: str, asked: Asked) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [sa.false()] if asked.nothing else []
    if asked.located:
        unhidden = sa.or_(Asset.venue.is_not(None), Asset.postcode.is_not(None), Asset.latitude.is_not(None))
        found.append(sa.or_(Asset.area.is_not(None), sa.and_(~Asset.address_withheld, unhidden)))
    if asked.kind is not None:
        found.append(Asset.kind == asked.kind)
    if asked.minimum_age is not None:
        found.append(Asset.minimum_age >= asked.minimum_age)
    if asked.maximum_age is not None:
        found.append(Asset.maximum_age <= asked.maximum_age)
    if asked.district is not None:
        found += [Asset.district == asked.district, ~Asset.address_withheld]
    if asked.modified_after is not None:
        found.append(Asset.updated_at >= asked.modified_after)
    return found + _hanging(movement, asked)


def _hanging(movement: str, asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Conditions on what hangs on an asset: its interests, its times and its words."""
    found: list[sa.ColumnElement[bool]] = []
    if asked.interest is not None or asked.any_interest:
        named = sa.select(AssetTerm.asset).where(AssetTerm.movement == movement, AssetTerm.scheme == Scheme.INTEREST)
        found.append(Asset.id.in_(named if asked.interest is None else named.where(AssetTerm.term == asked.interest)))
    at = [
        *([AssetTime.day == asked.day] if asked.day is not None else []),
        *([AssetTime.starts >= asked.starts] if asked.starts is not None else []),
        *([AssetTime.ends <= asked.ends] if asked.ends is not None else []),
    ]
    if at:  # one and the same meeting is on that day and at that time
        found.append(Asset.id.in_(sa.select(AssetTime.asset).where(AssetTime.movement == movement, *at)))
    for word in asked.words:
        start = word.encode()
        begins = AssetWord.movement == movement, AssetWord.word >= start, AssetWord.word < start + b"\xff"
        found.append(Asset.id.in_(sa.select(AssetWord.asset).where(*begins)))
    return found
