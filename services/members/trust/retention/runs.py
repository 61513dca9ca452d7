"""Seeing what a rule would do, applying it, and the receipt of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.trust.retention import due, store
from services.members.trust.retention.applying import apply_some
from services.members.trust.retention.due import Applied, HeldFor
from services.members.trust.retention.kinds import Action
from services.members.trust.retention.models import NothingToApply, RetentionRun, RunState, RunUnderWay
from services.members.trust.retention.rules import Ruled, of_key, read
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import NotFound
from shared.events.members.retention import RetentionApplied
from shared.ids import new_id
from shared.secrets import Secrets

_SAMPLE = 20


class Found(NamedTuple):
    """What a rule would do now: to how many records, the oldest of them, some of their ids, and what is held back."""

    ruled: Ruled
    cut_off: date
    records: int
    oldest: date | None
    sample: Sequence[str]
    held: Mapping[HeldFor, int]


def preview(session: Session, movement: str, key: str) -> Found:
    """What the rule of a kind would do now; nothing is done. Raises NotFound; NothingToApply where it has no rule."""
    ruled = read(session, movement, key)
    rule = applied(session, movement, ruled)
    table, free = rule.table, due.free(session, movement, rule)
    column = table.c[rule.kind.after[rule.after].column]
    records, oldest = session.execute(sa.select(sa.func.count(), sa.func.min(column)).where(free)).one()
    sample: Sequence[str] = []
    if "id" in table.c:
        sample = session.scalars(sa.select(table.c.id).where(free).order_by(column, table.c.id).limit(_SAMPLE)).all()
    return Found(ruled, rule.cut_off, records, _day(session, movement, oldest), sample, _held(session, movement, rule))


def apply(session: Session, movement: str, key: str, expected: int | None) -> RetentionRun:
    """Apply the rule as it was previewed. Raises NotFound, PreconditionFailed, NothingToApply, RunUnderWay."""
    ruled = read(session, movement, key)
    hold_to(0 if ruled.rule is None else ruled.rule.version, expected)
    rule = applied(session, movement, ruled)
    if rule.action is Action.REVIEW:
        raise NothingToApply
    if (other := store.under_way(session, movement)) is not None:
        raise RunUnderWay(run=other)
    return _begin(session, movement, ruled, rule, daily=False)


def begin_next(session: Session, movement: str) -> RetentionRun | None:
    """Begin the run of the next rule that is applied by itself and has something due today; None: all are seen to."""
    if store.under_way(session, movement) is not None:
        return None
    today = days.today(session, movement)
    for row in store.to_look_at(session, movement, today):
        row.looked_on = today
        ruled = Ruled(of_key(row.kind), row)
        rule = applied(session, movement, ruled)
        anything = sa.select(sa.literal(1)).select_from(rule.table).where(due.free(session, movement, rule)).limit(1)
        if session.execute(anything).first() is not None:
            return _begin(session, movement, ruled, rule, daily=True)
    return None


def go_on(session: Session, movement: str, id: str, secrets: Secrets) -> int:
    """Do the next slice of a run, and count it. Answers how many records it was; 0 once nothing is left."""
    run = store.run(session, movement, id, lock=True)
    if run is None or run.state != RunState.RUNNING:
        return 0
    rule = Applied(of_key(run.kind), run.after, Action(run.action), run.cut_off)
    done = apply_some(session, movement, rule, secrets)
    run.records += done
    return done


def end(session: Session, movement: str, id: str) -> None:
    """Nothing is left to do. A second time changes nothing."""
    run = store.run(session, movement, id, lock=True)
    if run is not None and run.state == RunState.RUNNING:
        _end(session, run, RunState.DONE)


def stop(session: Session, movement: str, id: str) -> RetentionRun:
    """Do no more of it: what is done stays done. Raises NotFound and IllegalTransition."""
    run = store.run(session, movement, id, lock=True)
    if run is None:
        raise NotFound
    _end(session, run, RunState.STOPPED)
    return run


def find(session: Session, movement: str, id: str) -> RetentionRun:
    """One run. Raises NotFound."""
    run = store.run(session, movement, id)
    if run is None:
        raise NotFound
    return run


def list_runs(session: Session, movement: str, *, kind: str | None, after: After, limit: int) -> Sequence[RetentionRun]:
    """Runs in the order in which they began."""
    return store.list_runs(session, movement, kind=kind, after=after, limit=limit)


def applied(session: Session, movement: str, ruled: Ruled) -> Applied:
    """The rule as it is today: what the movement settled, else what the kind began with. Raises NothingToApply."""
    said = ruled.rule or ruled.kind.standard
    if said is None:
        raise NothingToApply(f"it ends by {ruled.kind.because}")
    day = due.cut_off(days.today(session, movement), said.months, 0 if ruled.rule is None else ruled.rule.days)
    return Applied(ruled.kind, said.after, Action(said.action), day)


def _begin(session: Session, movement: str, ruled: Ruled, rule: Applied, *, daily: bool) -> RetentionRun:
    said = ruled.rule or ruled.kind.standard
    if said is None:
        raise NothingToApply
    run = RetentionRun(
        movement=movement,
        id=new_id("retrun"),
        kind=rule.kind.key,
        state=RunState.RUNNING,
        rule_version=0 if ruled.rule is None else ruled.rule.version,
        months=said.months,
        days=0 if ruled.rule is None else ruled.rule.days,
        after=rule.after,
        action=rule.action,
        source=said.source,
        cut_off=rule.cut_off,
        daily=daily,
        begun_by=of(session).context.actor,
        begun_at=clock.now(),
        records=0,
        held={str(reason): count for reason, count in _held(session, movement, rule).items()},
        ended_at=None,
    )
    session.add(run)
    session.flush()
    return run


def _end(session: Session, run: RetentionRun, state: RunState) -> None:
    run.end(state, clock.now())
    store.forget_stand_ins(session, run.movement)
    outbox.record(
        session,
        RetentionApplied(run=run.id, kind=run.kind, action=run.action, records=run.records, became=run.state),
    )
    session.flush()


def _held(session: Session, movement: str, rule: Applied) -> dict[HeldFor, int]:
    """How many records each reason holds back; one that two hold back counts for both."""
    all_due, counts = due.due(session, movement, rule), {}
    for reason, condition in due.held(session, movement, rule).items():
        query = sa.select(sa.func.count()).select_from(rule.table).where(all_due, condition)
        if (count := session.scalar(query) or 0) > 0:
            counts[reason] = count
    return counts


def _day(session: Session, movement: str, oldest: date | datetime | None) -> date | None:
    """The day of the oldest, where the movement is."""
    if isinstance(oldest, datetime):
        return oldest.astimezone(ZoneInfo(days.zone(session, movement))).date()
    return oldest
