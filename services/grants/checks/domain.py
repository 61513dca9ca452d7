"""What is checked of groups before money goes out: recorded, waived, withdrawn, and asked for by payments."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.grants.applications import store as applications
from services.grants.applications.models import Application
from services.grants.awards import store as awards
from services.grants.awards.models import Award
from services.grants.checks import store
from services.grants.checks.models import (
    Asked,
    CheckOutcome,
    CheckRules,
    ChecksMissing,
    CheckState,
    GroupCheck,
    Needed,
)
from services.grants.checks.rules import DAYS, DEFAULT, CheckKind, kinds_for
from services.grants.checks.schemas import NewRules
from services.grants.days import today
from services.grants.funds import store as funds
from services.grants.rounds import store as rounds
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.checks import GroupCheckRecorded, GroupCheckWithdrawn
from shared.ids import new_id


def rules_of(session: Session, movement: str, fund_id: str) -> Asked:
    """The rules of a fund; the usual ones where it has edited none. Raises NotFound."""
    fund = funds.find_fund(session, movement, fund_id)
    if fund is None:
        raise NotFound("there is no such fund")
    edited = store.rules_of(session, movement, fund_id)
    if edited is None:
        return Asked(DEFAULT, DAYS, 0, fund.currency)
    return Asked(edited.rules, edited.days, edited.version, fund.currency)


def set_rules(session: Session, movement: str, fund_id: str, said: NewRules, expected: int | None) -> Asked:
    """Put these rules in place of those that a fund has; what was checked before counts as long as it did."""
    before = rules_of(session, movement, fund_id)
    hold_to(before.version, expected)
    wrong = [number for number, rule in enumerate(said.rules) if rule.from_amount.currency != before.currency]
    if wrong:
        reason = f"must be {before.currency}"
        raise Invalid(faults=[Fault(f"/rules/{at}/from_amount/currency", reason, "wrong_currency") for at in wrong])
    edited = store.rules_for_change(session, movement, fund_id)
    if edited is None:
        edited = CheckRules(movement=movement, fund_id=fund_id, version=0)
        session.add(edited)
    edited.rules, edited.days, edited.updated_at = said.stored(), said.counts_for_days, clock.now()
    edited.version += 1
    return rules_of(session, movement, fund_id)


def record_check(
    session: Session,
    movement: str,
    *,
    award_id: str,
    kind: CheckKind,
    outcome: CheckOutcome,
    by: str,
    reason: str | None,
    seen: str | None,
    done_on: date | None,
) -> GroupCheck:
    """Note what a user made sure of about the group of an award, or why that is not needed for this one."""
    award = awards.find(session, movement, award_id)
    if award is None:
        raise Invalid(faults=[Fault("/award", "there is no such award", "unknown_award")])
    day = today(session, movement)
    done_on = done_on or day
    expires_on = done_on + timedelta(days=rules_of(session, movement, _fund_of(session, award)).days)
    if faults := _faults(outcome, reason, done_on, expires_on, day):
        raise Invalid(faults=faults)
    check = GroupCheck(
        movement=movement,
        id=new_id("groupcheck"),
        award_id=award_id,
        group_key=_group_of(session, award),
        kind=kind,
        outcome=outcome,
        reason=reason,
        seen=seen,
        by=by,
        done_on=done_on,
        expires_on=expires_on,
        recorded_at=clock.now(),
    )
    session.add(check)
    outbox.record(session, GroupCheckRecorded(check=check.id, award=award_id, kind=kind, outcome=outcome))
    return check


def withdraw_check(session: Session, movement: str, check_id: str, by: str, reason: str) -> GroupCheck:
    """Have a check count no more: it was made by mistake, or is no longer true."""
    check = store.for_change(session, movement, check_id)
    if check is None:
        raise NotFound("there is no such check")
    check.withdraw(by, reason, clock.now())
    outbox.record(session, GroupCheckWithdrawn(check=check.id, award=check.award_id))
    return check


def get_check(session: Session, movement: str, check_id: str) -> GroupCheck:
    """The check, or NotFound."""
    check = store.find(session, movement, check_id)
    if check is None:
        raise NotFound("there is no such check")
    return check


def needed_for(session: Session, movement: str, award_id: str) -> list[Needed]:
    """The checks that an award needs by its size, and how each stands today. Raises NotFound."""
    award = awards.find(session, movement, award_id)
    if award is None:
        raise NotFound("there is no such award")
    return _needed(session, award)


def refuse_unchecked(session: Session, award: Award) -> None:
    """Raise :class:`ChecksMissing` where a check that the award needs does not stand today."""
    standing = (CheckState.DONE, CheckState.WAIVED)
    if missing := [each.kind.value for each in _needed(session, award) if each.state not in standing]:
        raise ChecksMissing(f"to be checked: {', '.join(missing)}", missing=",".join(missing))


def group_key(application: Application) -> str:
    """What tells the group of an application from others: its name, however it is spelt out, and its place."""
    return f"{' '.join(application.group_name.casefold().split())}\n{application.place or ''}"


def _needed(session: Session, award: Award) -> list[Needed]:
    day = today(session, award.movement)
    rules = rules_of(session, award.movement, _fund_of(session, award)).rules
    made = store.for_award(session, award.movement, award.id, _group_of(session, award))
    found = []
    for kind in kinds_for(rules, award.amount, award.people_at_risk):
        of_kind = [check for check in made if check.kind == kind]
        standing = [check for check in of_kind if check.state(day) in (CheckState.DONE, CheckState.WAIVED)]
        newest = next(iter(standing or of_kind), None)
        found.append(Needed(kind, CheckState.MISSING if newest is None else newest.state(day), newest))
    return found


def _fund_of(session: Session, award: Award) -> str:
    of = rounds.find(session, award.movement, award.round_id)
    if of is None:
        raise NotFound("there is no such round")
    return of.fund_id


def _group_of(session: Session, award: Award) -> str:
    application = applications.find(session, award.movement, award.application_id)
    if application is None:
        raise NotFound("there is no such application")
    return group_key(application)


def _faults(outcome: CheckOutcome, reason: str | None, done_on: date, expires_on: date, day: date) -> list[Fault]:
    faults = []
    if outcome is CheckOutcome.WAIVED and reason is None:
        faults.append(Fault("/reason", "say why it is waived", "missing"))
    if outcome is CheckOutcome.DONE and reason is not None:
        faults.append(Fault("/reason", "is only for a check that is waived", "not_waived"))
    if done_on > day:
        faults.append(Fault("/done_on", "must not be still to come", "in_the_future"))
    elif expires_on <= day:
        faults.append(Fault("/done_on", "is so long ago that it has expired", "expired"))
    return faults
