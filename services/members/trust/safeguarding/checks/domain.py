"""Noting that a check was seen, and saying what a role may ask. Nothing of it is told on the log."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community import people
from services.members.directory.people.store import current
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.checks import store as checks
from services.members.trust.safeguarding.checks.models import LEVELS, Check, CheckRole, Level, Rule
from services.members.trust.safeguarding.checks.schemas import CheckChanges, NewCheck, RoleRule
from services.members.trust.safeguarding.checks.store import KIND, TABLE
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def record(session: Session, movement: str, said: NewCheck, by: str) -> Check:
    """Note that a certificate was seen. Raises Invalid, above all for a check that the role may not ask for."""
    person = people.current(session, movement, {"/person": said.person})["/person"]
    rule = checks.rule(session, movement, said.role, said.jurisdiction)
    if rule is None:
        raise Invalid(faults=[Fault("/role", "is no role of this movement", "unknown_role")])
    if faults := [*_level_faults(rule, said.level), *_date_faults(said, days.today(session, movement))]:
        raise Invalid(faults=faults)
    due = None if rule.renew_days is None else said.issued_on + timedelta(days=rule.renew_days)
    check = Check(
        id=new_id("check"),
        person=person,
        role=said.role,
        jurisdiction=said.jurisdiction,
        eligibility=rule.eligibility,
        level=said.level,
        number=said.number,
        issued_on=said.issued_on,
        seen_on=said.seen_on,
        seen_by=by,
        review_on=said.review_on or due,
    )
    store.add(session, movement, TABLE, check)
    return check


def find(session: Session, movement: str, check: str) -> Check:
    """One check. Raises NotFound."""
    found = store.find(session, movement, TABLE, KIND, check)
    if found is None:
        raise NotFound
    return _of_now(session, movement, [found])[0]


def list_checks(
    session: Session,
    movement: str,
    *,
    person: str | None,
    role: str | None,
    due_by: date | None,
    after: After,
    limit: int,
) -> Sequence[Check]:
    """Checks in the order in which they were recorded, by the ids that people have now."""
    rows = checks.list_checks(session, movement, person=person, role=role, due_by=due_by, after=after, limit=limit)
    return _of_now(session, movement, rows)


def change(session: Session, movement: str, check: str, said: CheckChanges, expected: int | None) -> Check:
    """Say when it is due again. Raises NotFound and PreconditionFailed."""
    row = _for_change(session, movement, check)
    hold_to(row.version, expected)
    said.apply(row)
    store.change(session, movement, TABLE, row)
    return _of_now(session, movement, [row])[0]


def end(session: Session, movement: str, check: str) -> Check:
    """It counts no longer, from today; once more changes nothing. Raises NotFound."""
    row = _for_change(session, movement, check)
    if row.ended_on is None:
        row.ended_on = days.today(session, movement)
        store.change(session, movement, TABLE, row)
    return _of_now(session, movement, [row])[0]


def set_rule(
    session: Session, movement: str, role: str, jurisdiction: Jurisdiction, said: RoleRule, expected: int | None
) -> Rule:
    """Say what a role may ask, and by which law. Raises Invalid where it asks for more than it may."""
    row = checks.own_rule(session, movement, role, jurisdiction)
    hold_to(0 if row is None else row.version, expected)
    _refuse_impossible(jurisdiction, said)
    row = row or CheckRole(movement=movement, role=role, jurisdiction=str(jurisdiction), version=0)
    row.acts = sorted({str(act) for act in said.acts})
    row.asks, row.at_most = said.asks, said.at_most
    row.eligibility, row.source, row.renew_days = said.eligibility, said.source, said.renew_days
    row.version, row.updated_at = row.version + 1, clock.now()
    checks.add_rule(session, row)
    found = checks.rule(session, movement, role, jurisdiction)
    if found is None:
        raise NotFound
    return found


def _refuse_impossible(jurisdiction: Jurisdiction, said: RoleRule) -> None:
    levels = LEVELS[jurisdiction]
    faults = [
        Fault(pointer, f"is no check of {jurisdiction}", "other_jurisdiction")
        for pointer, level in (("/asks", said.asks), ("/at_most", said.at_most))
        if level is not None and level not in levels
    ]
    if not faults and said.asks is not None:
        may = said.at_most is not None and levels.index(said.asks) <= levels.index(said.at_most)
        faults = [] if may else [Fault("/asks", "is more than the role may ask for", "not_eligible")]
    if faults:
        raise Invalid(faults=faults)


def _level_faults(rule: Rule, level: Level) -> list[Fault]:
    if level not in LEVELS[rule.jurisdiction]:
        return [Fault("/level", f"is no check of {rule.jurisdiction}", "other_jurisdiction")]
    if not rule.may_ask(level):
        furthest = rule.at_most or "none"
        return [Fault("/level", f"is more than the role may ask for: {furthest} ({rule.source})", "not_eligible")]
    return []


def _date_faults(said: NewCheck, today: date) -> list[Fault]:
    faults = [
        Fault(pointer, "is in the future", "in_the_future")
        for pointer, day in (("/issued_on", said.issued_on), ("/seen_on", said.seen_on))
        if day > today
    ]
    if said.seen_on < said.issued_on:
        faults.append(Fault("/seen_on", "is before it was issued", "before_issued"))
    return faults


def _for_change(session: Session, movement: str, check: str) -> Check:
    row = store.for_change(session, movement, TABLE, KIND, check)
    if row is None:
        raise NotFound
    return row


def _of_now(session: Session, movement: str, rows: Sequence[Check]) -> Sequence[Check]:
    """The checks as they are shown. What is stored keeps the id that it was made with, so that un-merging finds it."""
    now = current(session, movement, {row.person for row in rows}) if rows else {}
    for row in rows:
        row.person = now[row.person]
    return rows
