"""Every SQL statement about hierarchies and changes. They are shared by all movements, so nothing here takes one."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.geography.models import ChangeRow, ParentRow, PlaceChange, PlaceParent
from services.measures.places.models import Place
from services.measures.slices import slices
from shared.db.hot import hot
from shared.db.lists import among, json_list

_parents = PlaceParent.__table__.c
_changes = PlaceChange.__table__.c
_in_row_order = [_parents[name] for name in ParentRow._fields]
_places = Place.__table__.c
_in_change_order = [_changes[name] for name in ChangeRow._fields]


def save_parents(session: Session, rows: Sequence[ParentRow]) -> None:
    """Enter where places lie, in place of what was said of the same place, hierarchy and first day."""
    for row in rows:
        session.merge(PlaceParent(**row._asdict()))


def parents_of(session: Session, places: Collection[str]) -> list[ParentRow]:
    """In what these places lie and lay, in every hierarchy."""
    found: list[ParentRow] = []
    for few in slices(sorted(places)):
        found += [ParentRow(*row) for row in session.execute(sa.select(*_in_row_order).where(_parents.place.in_(few)))]
    return found


def children_of(session: Session, parents: Collection[str], hierarchy: str, day: date) -> list[ParentRow]:
    """What lies in these places on a day, by one hierarchy."""
    query = sa.select(*_in_row_order).where(
        _parents.parent.in_(parents), _parents.hierarchy == hierarchy, _parents.valid_from <= day.isoformat(),
        _parents.valid_to.is_(None) | (_parents.valid_to >= day.isoformat()),
    )  # fmt: skip
    return [ParentRow(*row) for row in session.execute(query.order_by(_parents.place))]


_day = sa.bindparam("day", type_=sa.Text)
_there = (
    _places.valid_from.is_(None) | (_places.valid_from <= _day),
    _places.valid_to.is_(None) | (_places.valid_to >= _day),
)


_kinds = hot(sa.select(_places.code, _places.kind).where(among(_places.code, "codes")))
_lying = {
    True: hot(
        sa.select(_places.parent, _places.kind, sa.func.aggregate_strings(_places.code, " "))
        .where(among(_places.parent, "parents"), *_there)
        .group_by(_places.parent, _places.kind)
    ),
    False: hot(
        sa.select(_parents.parent, _places.kind, sa.func.aggregate_strings(_places.code, " "))
        .join_from(PlaceParent, Place, _places.code == _parents.place)
        .where(
            among(_parents.parent, "parents"), _parents.hierarchy == sa.bindparam("hierarchy", type_=sa.Text),
            _parents.valid_from <= _day, _parents.valid_to.is_(None) | (_parents.valid_to >= _day), *_there,
        )
        .group_by(_parents.parent, _places.kind)
    ),
}  # fmt: skip
"""The codes of what lies in places, by kind; by whether the hierarchy is the main one, which is a column of the places.
Codes have no spaces, and a thousand of them as one text take half the time of as many rows."""


def owned(
    session: Session, owners: Collection[str], kind: str, hierarchy: str | None, day: date
) -> dict[str, list[str]]:
    """Of each of these places that has any, those of a kind that lie in it on a day, at whatever depth, or it itself.

    `hierarchy` None is the main one.
    """
    rows = _kinds.rows(session, {"codes": json_list(owners)})
    found = {code: [code] for code, its_kind in rows if its_kind == kind}
    asked = {"day": day.isoformat()} | ({} if hierarchy is None else {"hierarchy": hierarchy})
    owner, ahead = {code: code for code in owners}, list(owners)
    while ahead:  # level by level: a recursive statement takes twice as long
        rows = _lying[hierarchy is None].rows(session, asked | {"parents": json_list(ahead)})
        ahead = []
        for parent, its_kind, codes in rows:
            # Each once: it ends even where places lie in one another.
            new = dict.fromkeys((code for code in codes.split(" ") if code not in owner), owner[parent])
            owner |= new
            ahead += new
            if new and its_kind == kind:
                found.setdefault(owner[parent], []).extend(new)
    return found


def hierarchies(session: Session) -> Sequence[str]:
    """The names of all hierarchies."""
    return session.scalars(sa.select(_parents.hierarchy).distinct().order_by(_parents.hierarchy)).all()


def save_changes(session: Session, rows: Sequence[ChangeRow]) -> None:
    """Enter what became of places, in place of all that was said of the same places and days."""
    for place, on in {(row.place, row.on) for row in rows}:
        session.execute(sa.delete(PlaceChange).where(_changes.place == place, _changes.on == on))
    session.execute(sa.insert(PlaceChange), [row._asdict() for row in rows])


def changes_of(session: Session, places: Collection[str]) -> list[ChangeRow]:
    """What became of these places, by day."""
    found: list[ChangeRow] = []
    for few in slices(sorted(places)):
        query = sa.select(*_in_change_order).where(_changes.place.in_(few))
        found += [ChangeRow(*row) for row in session.execute(query.order_by(_changes.on, _changes.place, _changes.to))]
    return found


def changes_into(session: Session, places: Collection[str]) -> list[ChangeRow]:
    """Of what these places were made, by day."""
    query = sa.select(*_in_change_order).where(_changes.to.in_(places))
    return [ChangeRow(*row) for row in session.execute(query.order_by(_changes.on, _changes.place, _changes.to))]


def page_of_changes(
    session: Session, place: str | None, after: tuple[str, ...] | None, limit: int
) -> Sequence[ChangeRow]:
    """Changes by day, those that a place has a part in, behind the one at `after` (day, place, to)."""
    key = sa.tuple_(_changes.on, _changes.place, _changes.to)
    query = sa.select(*_in_change_order).order_by(_changes.on, _changes.place, _changes.to).limit(limit)
    if place is not None:
        query = query.where((_changes.place == place) | (_changes.to == place))
    if after is not None:
        query = query.where(key > sa.tuple_(*map(sa.literal, after)))
    return [ChangeRow(*row) for row in session.execute(query)]
