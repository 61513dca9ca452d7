"""From a filter to a condition on people: each leaf becomes one expression over columns that are named here.

Every expression is true or false and never NULL, so that "not" of it is right: what is not known is not so.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from services.members.directory.affiliations.models import Affiliation
from services.members.directory.custom_fields.models import FieldKind, PersonValue
from services.members.directory.people.models import Email, Label, LabelKind, Person, Phone, Provenance
from services.members.directory.segments import conditions
from services.members.directory.segments.filters import All, Any, Leaf, Node, Not
from services.members.engagement.activities.models import Activity
from services.members.engagement.memberships.models import Membership
from services.members.trust.permissions.models import Channel

Expression = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Known:
    """What a filter is evaluated against: the moment and its zone, what the movement has, and what people permit."""

    movement: str
    at: datetime
    zone: str
    kinds: Mapping[str, FieldKind]
    organisations: Mapping[str, str]
    permitting: Mapping[tuple[str, Channel], Expression]
    """The condition that a person permits a purpose over a channel, for each that the filter asks about."""
    protected: Collection[str]
    """Who is in no segment, and in no number of one: a number for one postcode after another would find them."""

    @property
    def today(self) -> date:
        """The calendar day where the movement is."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()

    def begins(self, day: date) -> datetime:
        """The first moment of a day where the movement is."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))


def whom(node: Node, known: Known) -> Expression:
    """The condition of being in what a filter finds."""
    return sa.and_(Person.movement == known.movement, Person.id.not_in(known.protected), expression(node, known))


def expression(node: Node, known: Known) -> Expression:
    """The condition that a person of the movement has to meet."""
    match node:
        case All(nodes):
            return sa.and_(*(expression(each, known) for each in nodes))
        case Any(nodes):
            return sa.or_(*(expression(each, known) for each in nodes))
        case Not(inner):
            return sa.not_(expression(inner, known))
        case Leaf(condition):
            (name,) = condition.model_fields_set
            return _LEAVES[name](condition, known)


def _label(kind: LabelKind) -> Callable[[conditions.Condition, Known], Expression]:
    def has(condition: conditions.Condition, known: Known) -> Expression:
        query = sa.select(Label.person).where(
            Label.movement == known.movement, Label.kind == kind, Label.label == getattr(condition, kind.value)
        )
        return Person.id.in_(query)

    return has


def _age_band(condition: conditions.Condition, known: Known) -> Expression:
    return Person.age_band.in_(condition.age_band or ())


def _language(condition: conditions.Condition, known: Known) -> Expression:
    # A tag has letters, digits and hyphens alone, so between its quotes it is a whole element of the JSON list.
    return sa.func.lower(sa.cast(Person.languages, sa.Text)).contains(f'"{str(condition.language).lower()}"')


def _contact_preference(condition: conditions.Condition, known: Known) -> Expression:
    return sa.cast(Person.contact_preference, sa.Text).contains(f'"{condition.contact_preference}"')


def _has(condition: conditions.Condition, known: Known) -> Expression:
    if condition.has == "postcode":
        return Person.postcode.is_not(None)
    table = Email if condition.has == "email" else Phone
    return Person.id.in_(sa.select(table.person).where(table.movement == known.movement))


def _postcode(condition: conditions.Condition, known: Known) -> Expression:
    start = "".join(str(condition.postcode).split())
    stored = sa.func.replace(sa.func.coalesce(Person.postcode, ""), " ", "")
    return sa.func.substr(stored, 1, len(start)) == start


def _members(known: Known, *conditions: Expression) -> Expression:
    # Organisations have memberships too: a NULL among the ids would make "not one of them" unknown.
    query = sa.select(Membership.person).where(Membership.movement == known.movement, Membership.person.is_not(None))
    return Person.id.in_(query.where(*conditions))


def _rung(condition: conditions.Condition, known: Known) -> Expression:
    return _members(known, Membership.rung.in_(condition.rung or ()))


def _state(condition: conditions.Condition, known: Known) -> Expression:
    return _members(known, Membership.state.in_(condition.state or ()))


def _joined(condition: conditions.Condition, known: Known) -> Expression:
    asked = condition.joined or conditions.Joined()
    bounds = []
    since = _first_day(asked.since, asked.within_days, known)
    if since is not None:
        bounds.append(Membership.joined_at >= known.begins(since))
    if asked.before is not None:
        bounds.append(Membership.joined_at < known.begins(asked.before))
    return _members(known, *bounds)


def _activities(condition: conditions.Condition, known: Known) -> Expression:
    asked = condition.activities or conditions.Activities()
    query = sa.select(Activity.person).where(
        Activity.movement == known.movement, Activity.voided_at.is_(None), Activity.on <= known.today
    )
    if asked.kinds is not None:
        query = query.where(Activity.kind.in_(asked.kinds))
    since = _first_day(asked.since, asked.within_days, known)
    if since is not None:
        query = query.where(Activity.on >= since)
    at_least = asked.at_least if asked.at_least is not None else 0 if asked.at_most is not None else 1
    grouped, count = query.group_by(Activity.person), sa.func.count()
    enough = Person.id.in_(grouped.having(count >= at_least)) if at_least else sa.true()
    if asked.at_most is None:
        return enough
    return sa.and_(enough, Person.id.not_in(grouped.having(count > asked.at_most)))


def _permission(condition: conditions.Condition, known: Known) -> Expression:
    asked = condition.permission
    if asked is None:
        return sa.false()
    return known.permitting[asked.purpose, asked.channel]


def _affiliation(condition: conditions.Condition, known: Known) -> Expression:
    asked = condition.affiliation
    if asked is None:
        return sa.false()
    query = sa.select(Affiliation.person).where(
        Affiliation.movement == known.movement,
        Affiliation.organisation == known.organisations[asked.organisation],
        sa.or_(Affiliation.started_on.is_(None), Affiliation.started_on <= known.today),
        sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > known.today),
    )
    return Person.id.in_(query if asked.role is None else query.where(Affiliation.role == asked.role))


def _custom(condition: conditions.Condition, known: Known) -> Expression:
    asked = condition.custom
    if asked is None:
        return sa.false()
    query = sa.select(PersonValue.person).where(PersonValue.movement == known.movement, PersonValue.key == asked.key)
    kind = known.kinds[asked.key]
    column: sa.SQLColumnExpression[object] = _COLUMN.get(kind, PersonValue.text)
    if asked.equals is not None:
        query = query.where(column == value_of(kind, asked.equals))
    if asked.at_least is not None:
        query = query.where(column >= value_of(kind, asked.at_least))
    if asked.at_most is not None:
        query = query.where(column <= value_of(kind, asked.at_most))
    return Person.id.in_(query)


def _source(condition: conditions.Condition, known: Known) -> Expression:
    query = sa.select(Provenance.person).where(
        Provenance.movement == known.movement, Provenance.source == condition.source
    )
    return Person.id.in_(query)


def value_of(kind: FieldKind, said: str | float | bool) -> str | float | bool | date:
    """What is compared with a custom field's values. Raises ValueError where a field of the kind never holds it."""
    match kind, said:
        case FieldKind.DATE, str():
            return date.fromisoformat(said)
        case FieldKind.YES_NO, bool():
            return said
        case FieldKind.NUMBER, int() | float() if not isinstance(said, bool):
            return said
        case FieldKind.TEXT | FieldKind.CHOICE, str():
            return said
    raise ValueError


def _first_day(since: date | None, within_days: int | None, known: Known) -> date | None:
    """Since when it counts: from a day on, or in so many days up to and with today, as the ladder counts."""
    return since if within_days is None else known.today - timedelta(days=within_days - 1)


_COLUMN: Mapping[FieldKind, sa.SQLColumnExpression[object]] = {
    FieldKind.NUMBER: PersonValue.number,
    FieldKind.DATE: PersonValue.day,
    FieldKind.YES_NO: PersonValue.yes,
}
_LEAVES: Mapping[str, Callable[[conditions.Condition, Known], Expression]] = {
    "tag": _label(LabelKind.TAG),
    "interest": _label(LabelKind.INTEREST),
    "skill": _label(LabelKind.SKILL),
    "language": _language,
    "age_band": _age_band,
    "contact_preference": _contact_preference,
    "has": _has,
    "postcode": _postcode,
    "rung": _rung,
    "state": _state,
    "joined": _joined,
    "activities": _activities,
    "permission": _permission,
    "affiliation": _affiliation,
    "custom": _custom,
    "source": _source,
}
