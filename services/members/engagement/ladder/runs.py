"""Runs: everybody's place reckoned anew, a slice of people at a time: after a new policy, for a review, on request."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.engagement.ladder import domain, rules, runs_store, store
from services.members.engagement.ladder.models import Cause, LadderRun, RunKind, RunState
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.members.engagement import LadderRunFinished
from shared.ids import new_id

_CAUSES = {RunKind.POLICY: Cause.POLICY, RunKind.RECOMPUTE: Cause.RECOMPUTED, RunKind.REVIEW: Cause.REVIEW}


def start(session: Session, movement: str, kind: RunKind) -> LadderRun:
    """Begin a run; the service goes on with it in the background."""
    run = LadderRun(
        movement=movement,
        id=new_id("run"),
        kind=kind,
        state=RunState.RUNNING,
        on=days.today(session, movement),
        up_to="",
        people=0,
        moved_up=0,
        moved_down=0,
        started_at=clock.now(),
        finished_at=None,
    )
    session.add(run)
    return run


def recompute(session: Session, movement: str) -> LadderRun:
    """Reckon everybody's place anew by what is known now. It changes nothing where all is well."""
    rules.applied(session, movement)
    return start(session, movement, RunKind.RECOMPUTE)


def review_if_due(session: Session, movement: str) -> LadderRun | None:
    """Begin today's review, where the policy in force asks for one by now; None where it does not."""
    store.lock_and_count_versions(session, movement)  # of two processes that look, one begins it
    return start(session, movement, RunKind.REVIEW) if _is_due(session, movement) else None


def movements_due(session: Session) -> list[str]:
    """The movements whose policy asks for a review by now."""
    return [movement for movement in runs_store.movements_with_ladders(session) if _is_due(session, movement)]


def go_on(session: Session, movement: str, slice_of: int) -> bool:
    """Bring the next people of the oldest unfinished run up to date; whether there is more to do."""
    run = runs_store.unfinished(session, movement)
    if run is None:
        return False
    members = store.next_for_change(session, movement, run.up_to, slice_of)
    moved = domain.bring_up_to_date(session, movement, members, _CAUSES[RunKind(run.kind)])
    run.slice_done(members[-1].person if members else run.up_to, len(members), moved.up, moved.down)
    if len(members) < slice_of:
        run.finish(clock.now())
        finished = LadderRunFinished(
            run=run.id, kind=run.kind, people=run.people, moved_up=run.moved_up, moved_down=run.moved_down
        )
        outbox.record(session, finished)
    return True


def read(session: Session, movement: str, run: str) -> LadderRun:
    """One run. Raises NotFound."""
    found = session.get(LadderRun, (movement, run))
    if found is None:
        raise NotFound
    return found


def list_runs(session: Session, movement: str, *, after: After, limit: int) -> Sequence[LadderRun]:
    """Runs in the order in which they began."""
    return runs_store.list_runs(session, movement, after=after, limit=limit)


def _is_due(session: Session, movement: str) -> bool:
    last = runs_store.reviewed_or_begun_on(session, movement, days.zone(session, movement))
    every = rules.in_force(session, movement).policy.pace.review_every_days
    return last is not None and (days.today(session, movement) - last).days >= every
