"""Closing the loop: what every case waits for, on whom, since when, and what has waited too long."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.community.connections.models import (
    ENDED_CASES,
    LIVE_STEPS,
    CaseState,
    Connection,
    Introduction,
    Step,
    Telling,
)
from shared.db.types import Instant, microseconds

WAITS_FOR = {Step.PERMITTED: "introduction", Step.INTRODUCED: "attendance", Step.ATTENDED: "settling"}
"""What an introduction waits for in each state in which it goes on."""


class Waits(NamedTuple):
    """One thing that a case waits for; ``on`` is the person who is to do it next."""

    connection: str
    introduction: str | None
    waits_for: str
    on: str
    since: datetime


def waiting(
    session: Session,
    movement: str,
    *,
    on: str | None,
    overdue_after: Mapping[str, timedelta] | None,
    at: datetime,
    after: After,
    limit: int,
) -> Sequence[Waits]:
    """What is waited for, the longest first: all of it, on one person, or with ``overdue_after`` the overdue alone."""
    all_of_it = sa.union_all(_for_a_match(movement), _for_a_step(movement), _for_telling(movement)).subquery()
    columns = all_of_it.c
    since = sa.type_coerce(columns.since, sa.BigInteger)
    key = columns.connection + sa.func.coalesce(columns.introduction, "")
    query = sa.select(all_of_it)
    if on is not None:
        query = query.where(columns.on == on)
    if overdue_after is not None:
        too_long = [
            sa.and_(columns.waits_for == what, since <= microseconds(at - period))
            for what, period in overdue_after.items()
        ]
        query = query.where(sa.or_(*too_long))
    if after is not None:
        query = query.where(sa.or_(since > after[0], sa.and_(since == after[0], key > after[1])))
    return [Waits(*row) for row in session.execute(query.order_by(since, key).limit(limit))]


def position(waits: Waits) -> tuple[int, str]:
    """Where something stands in the list."""
    return microseconds(waits.since), waits.connection + (waits.introduction or "")


def _for_a_match(movement: str) -> sa.Select[str, str | None, str, str, datetime]:
    """Cases in which nobody was asked yet whether they may be introduced."""
    return sa.select(
        Connection.id.label("connection"),
        sa.null().cast(sa.Text).label("introduction"),
        sa.literal("match").label("waits_for"),
        Connection.connector.label("on"),
        Connection.state_since.label("since"),
    ).where(Connection.movement == movement, Connection.state == CaseState.OPENED)


def _for_a_step(movement: str) -> sa.Select[str, str, str, str, datetime]:
    """Introductions that go on: after one is made its host knows whether they came, or else the connector asks."""
    of_case = sa.and_(Connection.movement == Introduction.movement, Connection.id == Introduction.connection)
    host = sa.case((Introduction.state == Step.INTRODUCED, Introduction.host), else_=None)
    return (
        sa.select(
            Introduction.connection,
            Introduction.id,
            sa.case({step.value: what for step, what in WAITS_FOR.items()}, value=Introduction.state),
            sa.func.coalesce(host, Connection.connector),
            Introduction.state_since,
        )
        .join(Connection, of_case)
        .where(Introduction.movement == movement, Introduction.state.in_(LIVE_STEPS))
    )


def _for_telling(movement: str) -> sa.Select[str, str | None, str, str, datetime]:
    """Cases that are over, and whose referrer may be told and was not."""
    referred = sa.or_(Connection.referred_by_person.is_not(None), Connection.referred_by_organisation.is_not(None))
    return sa.select(
        Connection.id,
        sa.null().cast(sa.Text),
        sa.literal("telling_back"),
        Connection.connector,
        sa.type_coerce(Connection.state_since, Instant),
    ).where(
        Connection.movement == movement,
        Connection.state.in_(ENDED_CASES),
        referred,
        Connection.tell_referrer != Telling.NOTHING,
        Connection.told_at.is_(None),
    )
