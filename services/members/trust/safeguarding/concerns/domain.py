"""Raising a concern, and what the designated lead does about it. Nothing of it is told on the log."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community import people
from services.members.directory.people.store import current
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.concerns import store as concerns
from services.members.trust.safeguarding.concerns import telling
from services.members.trust.safeguarding.concerns.models import Concern, ConcernState, Done
from services.members.trust.safeguarding.concerns.schemas import Advice, ConcernChanges, NewConcern, Referral, Step
from services.members.trust.safeguarding.concerns.store import KIND, TABLE
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id
from shared.safeguarding import Safeguarding


class ConcernClosed(Conflict):
    """It was closed: raise what happened since as another one."""

    code = "concern_closed"
    title = "The concern was closed"


def raise_concern(session: Session, movement: str, said: NewConcern, by: str, within: Safeguarding) -> Concern:
    """Keep what worries somebody, in their words. Raises Invalid."""
    today = days.today(session, movement)
    if said.happened_on is not None and said.happened_on > today:
        raise Invalid(faults=[Fault("/happened_on", "is in the future", "in_the_future")])
    concern = Concern(
        id=new_id("concern"),
        about=people.current(session, movement, {"/about": said.about}).get("/about"),
        about_words=said.about_words,
        words=said.words,
        action=said.action,
        happened_on=said.happened_on,
        raised_by=by,
        raised_at=clock.now(),
        due_on=today + timedelta(days=within.concern_acknowledge_days),
    )
    store.add(session, movement, TABLE, concern)
    if within.concern_notice_url is not None:
        telling.have_told(session, movement, concern.id)
    return concern


def raised_by(session: Session, movement: str, user: str, *, after: After, limit: int) -> Sequence[Concern]:
    """What one user raised."""
    return concerns.raised_by(session, movement, user, after=after, limit=limit)


def list_concerns(
    session: Session,
    movement: str,
    *,
    about: str | None,
    state: ConcernState | None,
    overdue: bool,
    after: After,
    limit: int,
) -> Sequence[Concern]:
    """Concerns in the order in which they were raised; the overdue ones should have gone on before today."""
    due_by = days.today(session, movement) - timedelta(days=1) if overdue else None
    rows = concerns.list_concerns(session, movement, about=about, state=state, due_by=due_by, after=after, limit=limit)
    return _of_now(session, movement, rows)


def find(session: Session, movement: str, concern: str) -> Concern:
    """One concern. Raises NotFound."""
    found = store.find(session, movement, TABLE, KIND, concern)
    if found is None:
        raise NotFound
    return _of_now(session, movement, [found])[0]


def acknowledge(session: Session, movement: str, concern: str, by: str, within: Safeguarding) -> Concern:
    """Say that it was seen and is being looked at. Raises NotFound and IllegalTransition."""
    step, due_on = _step(by, "Seen."), _days_on(session, movement, within.concern_decide_days)
    return _take(session, movement, concern, ConcernState.ACKNOWLEDGED, step, due_on)


def advise(session: Session, movement: str, concern: str, said: Advice, by: str, within: Safeguarding) -> Concern:
    """Note what was advised. Raises NotFound, Invalid and IllegalTransition."""
    due_on = _due(session, movement, said.due_on, within)
    return _take(session, movement, concern, ConcernState.ADVISED, _step(by, said.words), due_on)


def refer(session: Session, movement: str, concern: str, said: Referral, by: str, within: Safeguarding) -> Concern:
    """Note to whom it was referred. Raises NotFound, Invalid and IllegalTransition."""
    due_on = _due(session, movement, said.due_on, within)
    step = _step(by, said.words)
    step.referred_to, step.reference = said.to, said.reference
    return _take(session, movement, concern, ConcernState.REFERRED, step, due_on)


def close(session: Session, movement: str, concern: str, said: Step, by: str) -> Concern:
    """Say how it came out. Raises NotFound and IllegalTransition."""
    return _take(session, movement, concern, ConcernState.CLOSED, _step(by, said.words), None)


def note(session: Session, movement: str, concern: str, said: Step, by: str) -> Concern:
    """Add what was done, seen or heard since. Raises NotFound and ConcernClosed."""
    row = _open(session, movement, concern)
    row.note(_step(by, said.words))
    return _changed(session, movement, row)


def change(session: Session, movement: str, concern: str, said: ConcernChanges, expected: int | None) -> Concern:
    """Say whom it turned out to be about, or when it is looked at. Raises NotFound, Invalid and ConcernClosed."""
    row = _open(session, movement, concern)
    hold_to(row.version, expected)
    if "about" in said.model_fields_set:
        row.about = people.current(session, movement, {"/about": said.about}).get("/about")
    if said.due_on is not None:
        row.due_on = _not_past(session, movement, said.due_on)
    return _changed(session, movement, row)


def keep(session: Session, movement: str, concern: str, until: date | None, expected: int | None) -> Concern:
    """Keep it until a day although its time may be over; None: no longer than that. Raises NotFound and Invalid."""
    row = _for_change(session, movement, concern)
    hold_to(row.version, expected)
    if until is not None and until < days.today(session, movement):
        raise Invalid(faults=[Fault("/until", "is in the past", "in_the_past")])
    row.kept_until = until
    return _changed(session, movement, row)


def _take(
    session: Session, movement: str, concern: str, target: ConcernState, step: Done, due_on: date | None
) -> Concern:
    row = _for_change(session, movement, concern)
    row.take(target, step, due_on)
    return _changed(session, movement, row)


def _changed(session: Session, movement: str, row: Concern) -> Concern:
    store.change(session, movement, TABLE, row)
    return _of_now(session, movement, [row])[0]


def _step(by: str, words: str) -> Done:
    return Done(at=clock.now(), by=by, words=words)


def _due(session: Session, movement: str, given: date | None, within: Safeguarding) -> date:
    if given is None:
        return _days_on(session, movement, within.concern_follow_up_days)
    return _not_past(session, movement, given)


def _days_on(session: Session, movement: str, number: int) -> date:
    return days.today(session, movement) + timedelta(days=number)


def _not_past(session: Session, movement: str, given: date) -> date:
    if given < days.today(session, movement):
        raise Invalid(faults=[Fault("/due_on", "is in the past", "in_the_past")])
    return given


def _open(session: Session, movement: str, concern: str) -> Concern:
    row = _for_change(session, movement, concern)
    if row.state is ConcernState.CLOSED:
        raise ConcernClosed
    return row


def _for_change(session: Session, movement: str, concern: str) -> Concern:
    row = store.for_change(session, movement, TABLE, KIND, concern)
    if row is None:
        raise NotFound
    return row


def _of_now(session: Session, movement: str, rows: Sequence[Concern]) -> Sequence[Concern]:
    """The concerns as they are shown: about whoever somebody is now. What is stored keeps the id it was made with."""
    named = {row.about for row in rows if row.about is not None}
    now = current(session, movement, named) if named else {}
    for row in rows:
        row.about = None if row.about is None else now[row.about]
    return rows
