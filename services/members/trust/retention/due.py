"""Which records are due by a rule, and which of them are held back and why: conditions that select the rows.

Whom a concern is about that is not closed is due for nothing, and no count says so: that there is one is for
safeguarding alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members import days
from services.members.community.stewardships.models import State as Holding
from services.members.community.stewardships.models import Stewardship
from services.members.directory.merging import references
from services.members.directory.merging.references import MOVEMENT, Reference
from services.members.directory.people import store as people
from services.members.erasing import Emptied
from services.members.trust.equality import pseudonyms
from services.members.trust.erasures import fates
from services.members.trust.erasures.fates import PEOPLE, Said
from services.members.trust.erasures.models import Erasure
from services.members.trust.erasures.models import State as ErasureState
from services.members.trust.requests.models import OPEN, Request
from services.members.trust.requests.periods import months_after
from services.members.trust.restrictions.models import Restriction
from services.members.trust.retention import store
from services.members.trust.retention.kinds import Action, After, Kind
from services.members.trust.retention.models import STANDS_IN, RetentionHold
from services.members.trust.safeguarding.concerns.store import people_of_open_ones
from shared.db.types import Instant

_ONE_DAY = timedelta(days=1)
_HELD = (Holding.HELD, Holding.OFFERED)
Condition = sa.ColumnElement[bool]
Whom = sa.Select[str | None] | Sequence[str]


class HeldFor(StrEnum):
    """Why a record stays although its period is over."""

    ON_HOLD = "on_hold"
    RESTRICTED = "restricted"
    OPEN_REQUEST = "open_request"
    ERASURE = "erasure"
    HOLDS_RELATIONSHIPS = "holds_relationships"
    REFERRED_TO = "referred_to"


class Applied(NamedTuple):
    """A rule as it is applied: to what had come to ``after`` on the day ``cut_off`` or before."""

    kind: Kind
    after: str
    action: Action
    cut_off: date

    @property
    def table(self) -> sa.Table:
        """The table whose rows are the records."""
        return references.table(self.kind.table)


def cut_off(today: date, months: int, number_of_days: int) -> date:
    """The last day that lies so long before today that what happened on it is due."""
    return months_after(today, -months) - timedelta(days=number_of_days)


def names(kind: Kind) -> Sequence[str]:
    """The columns of a kind's records that hold a person's id."""
    return ["id"] if kind.table == PEOPLE else references.naming(kind.table, PEOPLE)


def due(session: Session, movement: str, rule: Applied) -> Condition:
    """The records that the rule is for, whether they are held back or not."""
    table, after = rule.table, rule.kind.after[rule.after]
    conditions = [table.c[MOVEMENT] == movement, _had_come(session, movement, rule, after)]
    if after.among is not None:
        column, values = after.among
        conditions.append(table.c[column].in_(values))
    for other, person, column in after.unless:
        later = references.table(other)
        conditions.append(
            ~sa.exists().where(
                later.c[MOVEMENT] == movement,
                later.c[person] == table.c.id,
                ~_until(session, movement, later.c[column], rule.cut_off),
            )
        )
    conditions += _not_done_yet(rule, movement)
    if quiet := people_of_open_ones(session, movement):
        conditions += [~_about(session, movement, rule.kind, sorted(quiet))]
    return sa.and_(*conditions)


def held(session: Session, movement: str, rule: Applied) -> Mapping[HeldFor, Condition]:
    """By each reason the records that it holds back."""
    kind, table = rule.kind, rule.table
    standing = store.in_force(days.today(session, movement))
    of_kind = sa.or_(RetentionHold.kind.is_(None), RetentionHold.kind == kind.key)
    held_here = [RetentionHold.movement == movement, standing, of_kind]
    on_hold = sa.select(RetentionHold.person).where(*held_here, RetentionHold.record.is_(None))
    resting = sa.select(Restriction.person).where(Restriction.movement == movement, Restriction.lifted_at.is_(None))
    asking = sa.select(Request.person).where(Request.movement == movement, Request.state.in_(OPEN))
    found = {
        HeldFor.ON_HOLD: _about(session, movement, kind, on_hold),
        HeldFor.RESTRICTED: _about(session, movement, kind, resting),
        HeldFor.OPEN_REQUEST: _about(session, movement, kind, asking),
    }
    if "id" in table.c:
        one = sa.select(RetentionHold.record).where(*held_here, RetentionHold.record.is_not(None))
        found[HeldFor.ON_HOLD] = sa.or_(found[HeldFor.ON_HOLD], _one_of(table.c.id, one))
    if rule.action is Action.ERASE:
        found |= _not_to_be_erased(movement, table)
    if rule.action is Action.DELETE and (needed := list(_referred_to(kind))):
        found[HeldFor.REFERRED_TO] = sa.or_(*needed)
    return found


def free(session: Session, movement: str, rule: Applied) -> Condition:
    """The records that the rule is for and nothing holds back."""
    return sa.and_(due(session, movement, rule), ~sa.or_(*held(session, movement, rule).values()))


def emptied(table: sa.Table) -> Sequence[Said]:
    """The columns of a table that are emptied of whom they name."""
    return [said for said in fates.of_kind(Emptied) if said.table is table]


def _had_come(session: Session, movement: str, rule: Applied, after: After) -> Condition:
    column = rule.table.c[after.column]
    return sa.and_(column.is_not(None), _until(session, movement, column, rule.cut_off))


def _until(session: Session, movement: str, column: "sa.Column[object]", day: date) -> Condition:
    """That what a column says was on a day or before, where the movement is."""
    if isinstance(column.type, Instant):
        return column < datetime.combine(day + _ONE_DAY, time.min, ZoneInfo(days.zone(session, movement)))
    return column <= day


def _not_done_yet(rule: Applied, movement: str) -> Iterator[Condition]:
    table = rule.table
    if table.name == PEOPLE:
        yield table.c.hidden_by.is_(None)
    if rule.action is Action.EMPTY:
        columns = [table.c[name] for said in emptied(table) for name in (said.column.name, *_also(said))]
        yield sa.or_(*(column.is_not(None) for column in columns if column.nullable))
    if rule.action is Action.PSEUDONYMISE:
        everybody = references.table(PEOPLE)
        nobody = sa.select(everybody.c.id).where(everybody.c[MOVEMENT] == movement, everybody.c.hidden_by == STANDS_IN)
        yield table.c[names(rule.kind)[0]].not_in(nobody)


def _also(said: Said) -> tuple[str, ...]:
    return said.fate.also if isinstance(said.fate, Emptied) else ()


def _about(session: Session, movement: str, kind: Kind, whom: Whom) -> Condition:
    """The records that name one of these people, or on which something hangs that does, such as who comes along."""
    table = references.table(kind.table)
    if kind.pseudonyms is not None:
        ids = session.scalars(whom).all() if isinstance(whom, sa.Select) else whom
        theirs = people.all_ids_of(session, movement, [one for one in ids if one is not None]) if ids else ()
        return table.c[kind.pseudonyms].in_([each for each, _ in pseudonyms.every(session, movement, theirs)])
    found = [_one_of(table.c[name], whom) for name in names(kind)]
    for name in () if table.name == PEOPLE else kind.tables[1:]:
        child = references.table(name)
        named = [_one_of(child.c[each], whom) for each in references.naming(name, PEOPLE)]
        found += [
            sa.exists().where(*_same(child, table, reference), sa.or_(*named))
            for reference in references.references_from(name)
            if named and reference.held_to and reference.parent == table.name
        ]
    return sa.or_(sa.false(), *found)


def _one_of(column: "sa.Column[object]", whom: Whom) -> Condition:
    """That a column names one of these people. The list may be of the very table that is asked: it stands by itself."""
    among = whom.where(whom.selected_columns[0].is_not(None)).correlate(None) if isinstance(whom, sa.Select) else whom
    return sa.and_(column.is_not(None), column.in_(among))


def _same(child: sa.Table, table: sa.Table, reference: Reference) -> Iterator[Condition]:
    yield child.c[MOVEMENT] == table.c[MOVEMENT]
    yield from (child.c[name] == table.c[of] for name, of in reference.columns.items())


def _not_to_be_erased(movement: str, everybody: sa.Table) -> Iterator[tuple[HeldFor, Condition]]:
    """Who is being erased, or was refused it: that is for somebody to look at; and who holds relationships."""
    asked = sa.select(Erasure.person).where(Erasure.movement == movement, Erasure.state != ErasureState.COMPLETED)
    yield HeldFor.ERASURE, everybody.c.id.in_(asked)
    holds = sa.select(Stewardship.holder).where(Stewardship.movement == movement, Stewardship.state.in_(_HELD))
    yield HeldFor.HOLDS_RELATIONSHIPS, everybody.c.id.in_(holds)


def _referred_to(kind: Kind) -> Iterator[Condition]:
    """That a record of another kind refers to this one, and cannot do without it."""
    table = references.table(kind.table)
    for reference in references.references_to(kind.table):
        if reference.held_to and reference.child not in kind.tables:
            yield sa.exists().where(*_same(references.table(reference.child), table, reference))
