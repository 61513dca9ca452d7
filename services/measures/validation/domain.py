"""The verbs of validation rules, and a reporter's period held to all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from services.measures import periods
from services.measures.measures.domain import published_version
from services.measures.measures.models import Kind, MeasureVersion
from services.measures.observations import store as observations
from services.measures.observations.models import Amount
from services.measures.validation import store
from services.measures.validation.checking import Finding, Found, Period, Subject, found_by
from services.measures.validation.kinds import Outlier, Test
from services.measures.validation.models import Severity, ValidationRule
from services.measures.validation.schemas import NewRule, RuleChanges
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id

EARLIER_PERIODS = 24
"""How far back an outlier is looked for: two years of months."""
MOST_RULES = 100

_TEST: TypeAdapter[Test] = TypeAdapter(Test)


class TooManyRules(Conflict):
    """The version has as many rules as figures can be held to at once."""

    code, title = "too_many_rules", f"A version has at most {MOST_RULES} rules"


def create_rule(session: Session, movement: str, rule: NewRule) -> ValidationRule:
    """Ask something of a version's figures. Raises Invalid (`unknown_version`), NotPublished and TooManyRules."""
    try:
        published_version(session, movement, rule.measure_version)
    except NotFound:
        fault = Fault("/measure_version", "is no version of a measure", "unknown_version")
        raise Invalid(faults=[fault]) from None
    if len(store.live(session, movement, rule.measure_version)) >= MOST_RULES:
        raise TooManyRules()
    now = clock.now()
    entered = ValidationRule(
        movement=movement, id=new_id("rule"), measure_version=rule.measure_version, name=rule.name,
        severity=rule.severity.value, test=rule.test.model_dump(mode="json"), version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(entered)
    return entered


def read_rule(session: Session, movement: str, rule: str) -> ValidationRule:
    """The rule. Raises NotFound."""
    return _found(store.get(session, movement, rule))


def list_rules(
    session: Session, movement: str, measure_version: str | None, retired: bool, after: str, limit: int
) -> Sequence[ValidationRule]:
    """A page of rules, oldest first."""
    return store.page(session, movement, measure_version, retired=retired, after=after, limit=limit)


def change_rule(
    session: Session, movement: str, rule: str, changes: RuleChanges, expected: int | None
) -> ValidationRule:
    """Change the fields that were sent; what is retired is held to by nobody. Raises NotFound, PreconditionFailed."""
    found = _found(store.lock(session, movement, rule))
    hold_to(found.version, expected)
    changes.apply(found, "name", "severity")
    if changes.test is not None:
        found.test = changes.test.model_dump(mode="json")
    if changes.retired is not None:
        found.retired_at = (found.retired_at or clock.now()) if changes.retired else None
    found.version, found.updated_at = found.version + 1, clock.now()
    return found


def check(session: Session, movement: str, version: MeasureVersion, reporter: str, start: str) -> Sequence[Finding]:
    """All that the version's rules find in the reporter's figures of the period that starts on this ISO day."""
    rules = store.live(session, movement, version.id)
    tests = [(rule, _TEST.validate_python(rule.test)) for rule in rules]
    period = figures_of(session, movement, version, reporter, start)
    return [Finding(rule, found) for rule, test in tests for found in found_by(test, period)]


def outliers(
    session: Session, movement: str, measure_version: str, reporter: str, period: str, rule: Outlier
) -> Sequence[Found]:
    """The outliers among a reporter's figures of a period. Raises NotFound, NotPublished and Invalid."""
    version = published_version(session, movement, measure_version)
    start = period_of(version, period, "?period").start.isoformat()
    return list(found_by(rule, figures_of(session, movement, version, reporter, start)))


def period_of(version: MeasureVersion, text: str, pointer: str) -> periods.Period:
    """The period that a request means. Raises Invalid, with this pointer, for one of another type."""
    try:
        return periods.parse(text, periods.PeriodType(version.period_type), version.year_starts)
    except periods.NotAPeriod as error:
        raise Invalid(faults=[Fault(pointer, str(error), "invalid_period")]) from None


def figures_of(session: Session, movement: str, version: MeasureVersion, reporter: str, start: str) -> Period:
    """A reporter's figures of a period, with what is known of earlier ones."""
    starts = observations.starts_before(session, movement, version.id, reporter, start, EARLIER_PERIODS)
    by_start: defaultdict[str, dict[Subject, Amount]] = defaultdict(dict)
    first = starts[-1] if starts else start
    for known in observations.between(session, movement, version.id, reporter, first, start):
        place, began, cell, programme, activity = known.key
        by_start[began][Subject(place, cell, programme, activity)] = known.amount
    earlier: defaultdict[Subject, list[Amount]] = defaultdict(list)
    for began in sorted(by_start):
        if began < start:
            for subject, amount in by_start[began].items():
                earlier[subject].append(amount)
    before: Mapping[Subject, Amount] = by_start[starts[0]] if starts else {}
    return Period(Kind(version.kind), version.unit, by_start[start], before, earlier)


def is_error(finding: Finding) -> bool:
    """Whether it keeps a return where it is."""
    return finding.rule.severity == Severity.ERROR


def _found(rule: ValidationRule | None) -> ValidationRule:
    if rule is None:
        raise NotFound("there is no such rule")
    return rule
