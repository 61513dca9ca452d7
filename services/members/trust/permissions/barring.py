"""Every bar, in one table: what keeps somebody out whatever they decided."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.trust.permissions.asked import Asked, Barred
from services.members.trust.permissions.bars import children, protection, restrictions
from services.members.trust.permissions.models import Reason


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


def concerning(session: Session, movement: str, people: Collection[str], day: date) -> Mapping[Reason, frozenset[str]]:
    """Those of some people whom each bar may keep out of something."""
    return {reason: _among(session, people, bar.ever(session, movement, day)) for reason, bar in BARS.items()}


def kept_out(
    session: Session, movement: str, asked: Asked, concerning: Mapping[Reason, frozenset[str]]
) -> Mapping[Reason, frozenset[str]]:
    """Those of the people whom bars concern whom they keep out of what is asked."""
    return {
        reason: _among(session, people, BARS[reason].whom(session, movement, asked))
        for reason, people in concerning.items()
        if people
    }


def barred(session: Session, movement: str, asked: Asked) -> tuple[Barred, ...]:
    """Whom each bar keeps out of what is asked."""
    return tuple(bar.whom(session, movement, asked) for bar in BARS.values())


def _among(session: Session, people: Collection[str], barred: Barred) -> frozenset[str]:
    if isinstance(barred, frozenset):
        return barred.intersection(people)
    column, *_ = barred.selected_columns
    return frozenset(session.scalars(barred.where(column.in_(people))))
