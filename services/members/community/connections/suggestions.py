"""Suggesting to a connector where somebody may fit; what nothing fits is noted as a wish, with nobody in it."""

import hashlib
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members import days
from services.members.community.assets.models import Asset, AssetKind, AssetTerm, Scheme
from services.members.community.connections import matching, store
from services.members.community.connections.domain import for_change
from services.members.community.connections.matching import Match, Wish
from services.members.community.connections.models import Connection, Introduction, UnmetWish
from services.members.community.geography import district
from services.members.directory.people.models import Label, LabelKind, Person
from services.members.life.themes import rounds
from shared import outbox
from shared.events.members.connections import WishUnmet
from shared.ids import new_id

_MOST_CANDIDATES = 2000
_KINDS = (AssetKind.GROUP, AssetKind.ACTIVITY, AssetKind.PLACE, AssetKind.INFORMAL_NETWORK)


class Suggested(NamedTuple):
    """What fits, the best first, and whether an unmet wish was looked for instead."""

    matches: list[Match]
    unmet: bool


def suggest(session: Session, movement: str, connection: str, wish: Wish, most: int, enough: int) -> Suggested:
    """The best of what fits a client. What the wish does not say is taken from what is known of them.

    Where nothing fits it is a wish unmet, and ``enough`` of these alike in a place suggest a round. Raises NotFound.
    """
    case = for_change(session, movement, connection)
    wish = _with_what_is_known(session, movement, case.person, wish)
    found = matching.matches(wish, _candidates(session, movement, case, wish))[:most]
    if not found:
        _note(session, movement, case, wish, enough)
    return Suggested(found, unmet=not found)


def _with_what_is_known(session: Session, movement: str, person: str, wish: Wish) -> Wish:
    """The wish with the client's own interests and district, where it names neither interests nor a place."""
    if not wish.interests:
        query = sa.select(Label.label).where(
            Label.movement == movement, Label.person == person, Label.kind == LabelKind.INTEREST
        )
        known = (label.replace(" ", "_").replace("-", "_") for label in session.scalars(query))
        wish = replace(wish, interests=frozenset(known))
    if wish.point is None and wish.district is None and wish.area is None:
        postcode = session.scalar(sa.select(Person.postcode).where(Person.movement == movement, Person.id == person))
        wish = replace(wish, district=None if postcode is None else district(postcode))
    return wish


def _candidates(session: Session, movement: str, case: Connection, wish: Wish) -> list[Asset]:
    """What can take the client, shares an interest with them, and was not tried in this case already."""
    tried = sa.select(Introduction.asset).where(Introduction.movement == movement, Introduction.connection == case.id)
    query = sa.select(Asset).where(
        *store.open_to(session, movement, case.person), Asset.kind.in_(_KINDS), Asset.id.not_in(tried)
    )
    if wish.interests:
        sharing = sa.select(AssetTerm.asset).where(
            AssetTerm.movement == movement,
            AssetTerm.scheme == Scheme.INTEREST,
            AssetTerm.term.in_(sorted(wish.interests)),
        )
        query = query.where(Asset.id.in_(sharing))
    loaded = query.options(selectinload(Asset.terms), selectinload(Asset.times))
    return list(session.scalars(loaded.order_by(Asset.id).limit(_MOST_CANDIDATES)))


def _note(session: Session, movement: str, case: Connection, wish: Wish, enough: int) -> None:
    """Note a wish a theme, once a case; the case remembers digests, so that nobody reads themes out of it."""
    noted = list(case.wished)
    for theme in sorted(wish.interests):
        digest = hashlib.sha256(f"{case.id}/{theme}".encode()).hexdigest()
        if digest in noted:
            continue
        noted.append(digest)
        unmet = UnmetWish(
            id=new_id("wish"),
            theme=theme,
            place=wish.area or wish.district,
            noted_on=days.today(session, movement),
        )
        store.add(session, movement, unmet)
        outbox.record(session, WishUnmet(wish=unmet.id))
        if unmet.place is not None:
            rounds.notice(session, movement, theme, unmet.place, enough)
    case.wished = noted
