"""Every SQL statement about the asset map."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, Base
from services.members.community.assets.models import (
    SHOWN,
    Asset,
    AssetKind,
    AssetState,
    AssetTerm,
    AssetTime,
    AssetWord,
    Scheme,
)
from services.members.community.assets.publishable import publishable
from services.members.community.geography import FAR, Point, squared_metres
from shared import clock

_shown = sa.select(Asset).options(selectinload(Asset.terms), selectinload(Asset.times))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of assets is to hold; None is not asked about.

    ``whole``: the reader keeps the map, and sees drafts, and where groups at risk are.
    """

    whole: bool
    kind: AssetKind | None = None
    state: AssetState | None = None
    interest: str | None = None
    tag: str | None = None
    day: str | None = None
    area: str | None = None
    district: str | None = None
    near: Point | None = None
    within_m: int | None = None
    person: str | None = None
    organisation: str | None = None
    words: Sequence[str] = ()
    updated_since: datetime | None = None


class Found(NamedTuple):
    """An asset of a list, and the square of its metres from the point that was asked about."""

    asset: Asset
    squared: int

    @property
    def metres(self) -> int | None:
        """Metres from the point; None where none was asked about, or the asset's place is not known."""
        return None if self.squared >= FAR else round(math.sqrt(self.squared))


def find(session: Session, movement: str, asset: str) -> Asset | None:
    """An asset with all that is shown of it."""
    return session.scalar(_shown.where(Asset.movement == movement, Asset.id == asset))


def for_change(session: Session, movement: str, asset: str) -> Asset | None:
    """An asset with all that is shown of it, locked until the transaction ends."""
    query = _shown.where(Asset.movement == movement, Asset.id == asset).with_for_update(of=Asset)
    return session.scalar(query)


def again(session: Session, movement: str, asset: Asset) -> Asset:
    """The asset as it is now stored, with what hangs on it."""
    session.flush()
    query = _shown.where(Asset.movement == movement, Asset.id == asset.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def add(session: Session, movement: str, asset: Asset) -> None:
    """Insert an asset alone: what hangs on it refers to it."""
    asset.movement = movement
    session.add(asset)
    session.flush()


def set_terms(session: Session, movement: str, asset: str, scheme: Scheme, terms: Iterable[str]) -> None:
    """Give an asset these interests, or tags, and no others."""
    mine = AssetTerm.movement == movement, AssetTerm.asset == asset, AssetTerm.scheme == scheme
    session.execute(sa.delete(AssetTerm).where(*mine), execution_options={"synchronize_session": False})
    _insert(session, AssetTerm, [{"scheme": scheme.value, "term": term} for term in terms], movement, asset)


def set_times(session: Session, movement: str, asset: str, times: Iterable[Mapping[str, object]]) -> None:
    """Have an asset happen at these times, and no others."""
    mine = AssetTime.movement == movement, AssetTime.asset == asset
    session.execute(sa.delete(AssetTime).where(*mine), execution_options={"synchronize_session": False})
    _insert(session, AssetTime, [{**time, "number": n} for n, time in enumerate(times)], movement, asset)


def set_words(session: Session, movement: str, asset: str, words: Iterable[str]) -> None:
    """Have an asset be found by these words, and no others."""
    mine = AssetWord.movement == movement, AssetWord.asset == asset
    session.execute(sa.delete(AssetWord).where(*mine), execution_options={"synchronize_session": False})
    _insert(session, AssetWord, [{"word": word.encode()} for word in words], movement, asset)


def list_assets(session: Session, movement: str, wanted: Wanted, *, after: After, limit: int) -> Sequence[Found]:
    """Assets that are wanted, nearest first where a point is given and else in the order of their making.

    What has no known place, or none that the reader may know, comes after all that have one.
    """
    squared = _squared(wanted)
    query = _shown.add_columns(squared).where(Asset.movement == movement, *_conditions(session, movement, wanted))
    if wanted.near is not None and wanted.within_m is not None:
        query = query.where(squared <= wanted.within_m**2)
    if after is not None:
        distance, last = int(after[0]), str(after[1])
        query = query.where(sa.or_(squared > distance, sa.and_(squared == distance, Asset.id > last)))
    return [Found(*row) for row in session.execute(query.order_by(squared, Asset.id).limit(limit))]


def movements_to_keep(session: Session, before: Mapping[AssetKind, datetime]) -> Sequence[str]:
    """The movements that show something of a person, or something last verified at or before its kind's instant."""
    of_person = sa.and_(Asset.state.in_(SHOWN), Asset.person.is_not(None))
    return session.scalars(sa.select(Asset.movement).where(sa.or_(of_person, _unlooked(before))).distinct()).all()


def unpermitted(session: Session, movement: str, at: datetime, limit: int) -> Sequence[Asset]:
    """What is shown and may not be, at a moment, locked; what another process has is left to it."""
    query = sa.select(Asset).where(Asset.movement == movement, Asset.state.in_(SHOWN))
    query = query.where(sa.not_(publishable(session, movement, at)))
    return session.scalars(query.order_by(Asset.id).limit(limit).with_for_update(skip_locked=True)).all()


def shown_of(session: Session, movement: str, person: str) -> Sequence[Asset]:
    """What is shown of what a person offers, locked."""
    query = sa.select(Asset).where(Asset.movement == movement, Asset.person == person, Asset.state.in_(SHOWN))
    return session.scalars(query.order_by(Asset.id).with_for_update()).all()


def unlooked(session: Session, movement: str, before: Mapping[AssetKind, datetime], limit: int) -> Sequence[Asset]:
    """Published assets last verified at or before their kind's instant, locked; those another process has are left."""
    query = sa.select(Asset).where(Asset.movement == movement, _unlooked(before))
    return session.scalars(query.order_by(Asset.id).limit(limit).with_for_update(skip_locked=True)).all()


def _unlooked(before: Mapping[AssetKind, datetime]) -> sa.ColumnElement[bool]:
    too_long = [sa.and_(Asset.kind == kind, Asset.verified_at <= at) for kind, at in before.items()]
    return sa.and_(Asset.state == AssetState.PUBLISHED, sa.or_(*too_long))


def _squared(wanted: Wanted) -> sa.ColumnElement[int]:
    if wanted.near is None:
        return sa.literal(FAR, sa.BigInteger)
    placed: sa.ColumnElement[bool] = Asset.latitude.is_not(None)
    if not wanted.whole:
        placed = sa.and_(placed, ~Asset.address_withheld)
    return sa.case((placed, squared_metres(wanted.near, Asset.latitude, Asset.longitude)), else_=FAR)


def _conditions(session: Session, movement: str, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if not wanted.whole:
        conditions += [Asset.state.in_(SHOWN), publishable(session, movement, clock.now())]
    for column, value in (
        (Asset.kind, wanted.kind),
        (Asset.state, wanted.state),
        (Asset.person, wanted.person),
        (Asset.organisation, wanted.organisation),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.area is not None:
        conditions.append(sa.func.lower(Asset.area) == wanted.area.lower())
    if wanted.district is not None:
        conditions.append(Asset.district == wanted.district)
        if not wanted.whole:
            conditions.append(~Asset.address_withheld)
    if wanted.updated_since is not None:
        conditions.append(Asset.updated_at >= wanted.updated_since)
    return conditions + _hanging(movement, wanted)


def _hanging(movement: str, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """Conditions on what hangs on an asset: its terms, its times and its words."""
    conditions: list[sa.ColumnElement[bool]] = []
    for scheme, term in ((Scheme.INTEREST, wanted.interest), (Scheme.TAG, wanted.tag)):
        if term is not None:
            named = AssetTerm.movement == movement, AssetTerm.scheme == scheme, AssetTerm.term == term
            conditions.append(Asset.id.in_(sa.select(AssetTerm.asset).where(*named)))
    if wanted.day is not None:
        on = sa.select(AssetTime.asset).where(AssetTime.movement == movement, AssetTime.day == wanted.day)
        conditions.append(Asset.id.in_(on))
    for word in wanted.words:
        start = word.encode()
        begins = AssetWord.movement == movement, AssetWord.word >= start, AssetWord.word < start + b"\xff"
        conditions.append(Asset.id.in_(sa.select(AssetWord.asset).where(*begins)))
    return conditions


def _insert(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, object]], movement: str, asset: str
) -> None:
    if rows:
        session.execute(sa.insert(table), [{**row, "movement": movement, "asset": asset} for row in rows])
