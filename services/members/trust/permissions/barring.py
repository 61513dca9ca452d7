"""Every bar, in one table: what keeps somebody out whatever they decided."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.trust.permissions.asked import Asked, Barred
from services.members.trust.permissions.bars import children, protection, restrictions
from services.members.trust.permissions.models import Reason
from services.members.trust.permissions.store import Column

Bar = Callable[[Session, str, Asked], Barred]

BARS: Mapping[Reason, Bar] = {
    Reason.RESTRICTED: restrictions.restricted,
    Reason.OBJECTED: restrictions.objected,
    Reason.CHILD: children.children,
    Reason.PROTECTED: protection.protected,
}


def reasons_against(session: Session, movement: str, person: str, asked: Asked) -> list[Reason]:
    """The bars that keep one person out."""
    return [reason for reason, bar in BARS.items() if _holds(session, person, bar(session, movement, asked))]


def conditions(session: Session, movement: str, column: Column, asked: Asked) -> list[sa.ColumnElement[bool]]:
    """The conditions that no bar keeps out the person whose id is in the column."""
    barred = [bar(session, movement, asked) for bar in BARS.values()]
    return [column.not_in(whom) for whom in barred if not isinstance(whom, frozenset) or whom]


def _holds(session: Session, person: str, barred: Barred) -> bool:
    if isinstance(barred, frozenset):
        return person in barred
    column, *_ = barred.selected_columns
    return session.scalar(barred.where(column == person).limit(1)) is not None
