"""Every bar, in one table: what keeps somebody out whatever they decided."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.trust.permissions.asked import Asked, Barred
from services.members.trust.permissions.bars import children, protection, restrictions
from services.members.trust.permissions.models import Reason
from services.members.trust.permissions.store import Column


class Bar(NamedTuple):
    """Whom a bar keeps out of what is asked, and who is kept out of anything at all on a day: it is asked about nobody
    else."""

    whom: Callable[[Session, str, Asked], Barred]
    ever: Callable[[Session, str, date], Barred]


BARS: Mapping[Reason, Bar] = {
    Reason.RESTRICTED: Bar(restrictions.restricted, restrictions.ever_restricted),
    Reason.OBJECTED: Bar(restrictions.objected, restrictions.ever_objected),
    Reason.CHILD: Bar(children.children, children.every_child),
    Reason.PROTECTED: Bar(protection.protected, protection.everybody_protected),
}


def concerning(session: Session, movement: str, person: str, day: date) -> list[Reason]:
    """The bars that may keep one person out of something."""
    return [reason for reason, bar in BARS.items() if _holds(session, person, bar.ever(session, movement, day))]


def reasons_against(
    session: Session, movement: str, person: str, asked: Asked, concerning: Sequence[Reason]
) -> list[Reason]:
    """Those of the bars that concern one person that keep them out of what is asked."""
    return [reason for reason in concerning if _holds(session, person, BARS[reason].whom(session, movement, asked))]


def conditions(session: Session, movement: str, column: Column, asked: Asked) -> list[sa.ColumnElement[bool]]:
    """The conditions that no bar keeps out the person whose id is in the column."""
    barred = [bar.whom(session, movement, asked) for bar in BARS.values()]
    return [column.not_in(whom) for whom in barred if not isinstance(whom, frozenset) or whom]


def _holds(session: Session, person: str, barred: Barred) -> bool:
    if isinstance(barred, frozenset):
        return person in barred
    column, *_ = barred.selected_columns
    return session.scalar(barred.where(column == person).limit(1)) is not None
