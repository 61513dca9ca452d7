"""The checks of a movement, and what its roles ask: what all ask who make somebody something close to others."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.checks import catalogue
from services.members.trust.safeguarding.checks.models import Act, Check, CheckRole, CheckRow, Level, Rule

TABLE, KIND = CheckRow, Check


def rules(session: Session, movement: str) -> Sequence[Rule]:
    """What each role may ask in each jurisdiction: the movement's own word, else what it began with."""
    own = {(row.role, row.jurisdiction): _rule(row) for row in session.scalars(_own(movement))}
    began_with = {(rule.role, str(rule.jurisdiction)): rule for rule in catalogue.rules()}
    return [rule for _, rule in sorted((began_with | own).items())]


def rule(session: Session, movement: str, role: str, jurisdiction: Jurisdiction) -> Rule | None:
    """What one role may ask in a jurisdiction."""
    found = (each for each in rules(session, movement) if (each.role, each.jurisdiction) == (role, jurisdiction))
    return next(found, None)


def own_rule(session: Session, movement: str, role: str, jurisdiction: Jurisdiction) -> CheckRole | None:
    """The movement's own word on a role, locked until the transaction ends."""
    return session.get(CheckRole, (movement, role, str(jurisdiction)), with_for_update=True)


def add_rule(session: Session, row: CheckRole) -> None:
    """Insert or update the movement's own word on a role."""
    session.add(row)
    session.flush()


def may_act(session: Session, movement: str, person: str, act: Act, day: date) -> bool:
    """Whether somebody has what every role asks that this act is taken on by. A role that asks differently by
    jurisdiction is met in any of them."""
    asked: dict[str, list[Rule]] = {}
    for each in rules(session, movement):
        if act in each.acts and each.asks is not None:
            asked.setdefault(each.role, []).append(each)
    if not asked:
        return True
    held = [check for check in store.about(session, movement, TABLE, KIND, person) if check.holds_on(day)]
    return all(any(_meets(check, each) for check in held for each in of_role) for of_role in asked.values())


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
    """Checks in the order in which they were recorded: of a role, of a person, or due again by a day."""

    def wanted(each: Check) -> bool:
        due = each.ended_on is None and each.review_on is not None and (due_by is None or each.review_on <= due_by)
        return (due_by is None or due) and role in (None, each.role)

    if person is None:
        return store.page(session, movement, TABLE, KIND, wanted=wanted, after=after, limit=limit)
    return store.next_of(store.about(session, movement, TABLE, KIND, person), wanted, after, limit)


def _meets(check: Check, rule: Rule) -> bool:
    same = (check.role, check.jurisdiction) == (rule.role, rule.jurisdiction)
    return same and rule.is_met_by(check.level)


def _own(movement: str) -> sa.Select[CheckRole]:
    return sa.select(CheckRole).where(CheckRole.movement == movement)


def _rule(row: CheckRole) -> Rule:
    return Rule(
        row.role,
        Jurisdiction(row.jurisdiction),
        frozenset(Act(act) for act in row.acts),
        None if row.asks is None else Level(row.asks),
        None if row.at_most is None else Level(row.at_most),
        row.eligibility,
        row.source,
        row.renew_days,
        row.version,
    )
