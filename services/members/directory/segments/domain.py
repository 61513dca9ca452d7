"""Keeping segments, and answering them: who they find is asked anew whenever somebody reads."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue
from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.custom_fields import store as custom_fields
from services.members.directory.custom_fields.models import FieldKind, Noun
from services.members.directory.organisations import store as organisations
from services.members.directory.people.models import Person
from services.members.directory.segments import store
from services.members.directory.segments.filters import Leaf, Node, leaves, parse
from services.members.directory.segments.models import Segment
from services.members.directory.segments.schemas import NewSegment, SegmentChanges
from services.members.directory.segments.statement import Known, value_of
from services.members.trust.permissions.verdicts import permitting
from services.members.trust.safeguarding.protected.store import protected
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def keep(session: Session, movement: str, said: NewSegment) -> Segment:
    """Keep a segment. Raises Invalid with the fault of every bad node of its filter."""
    resolve(session, movement, said.filter)
    at = clock.now()
    segment = Segment(
        movement=movement, id=new_id("segment"), name=said.name, description=said.description, filter=said.filter,
        version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    store.add(session, segment)
    return segment


def read(session: Session, movement: str, segment: str) -> Segment:
    """One segment. Raises NotFound."""
    found = store.find(session, movement, segment)
    if found is None:
        raise NotFound
    return found


def change(session: Session, movement: str, segment: str, said: SegmentChanges, expected: int | None) -> Segment:
    """Rename a segment or let it ask something else. Raises NotFound, PreconditionFailed and Invalid."""
    found = _held(session, movement, segment, expected)
    if "filter" in said.model_fields_set:
        resolve(session, movement, said.filter)
    for field in said.model_fields_set:
        setattr(found, field, getattr(said, field))
    found.changed(clock.now())
    return found


def remove(session: Session, movement: str, segment: str, expected: int | None) -> None:
    """Forget a segment; nothing happens to the people whom it found. Raises NotFound and PreconditionFailed."""
    store.remove(session, _held(session, movement, segment, expected))


def members(session: Session, movement: str, segment: str, *, after: After, limit: int) -> Sequence[Person]:
    """The people whom a segment finds now. Raises NotFound."""
    node, known = resolve(session, movement, read(session, movement, segment).filter)
    return store.members(session, node, known, after=after, limit=limit)


def count(session: Session, movement: str, segment: str) -> int:
    """How many people a segment finds now. Raises NotFound."""
    return count_filter(session, movement, read(session, movement, segment).filter)


def count_filter(session: Session, movement: str, document: JsonValue) -> int:
    """How many people a filter finds that nobody has kept yet. Raises Invalid."""
    node, known = resolve(session, movement, document)
    return store.count(session, node, known)


def resolve(session: Session, movement: str, document: JsonValue) -> tuple[Node, Known]:
    """Read a filter, and look up what it names. Raises Invalid with the fault of every bad node."""
    node = parse(document)
    conditions = list(leaves(node))
    kinds = _kinds(session, movement, conditions)
    named = {each.condition.affiliation.organisation for each in conditions if each.condition.affiliation is not None}
    now = organisations.current(session, movement, named) if named else {}
    here = organisations.known(session, movement, set(now.values())) if now else set()
    unknown = {given for given, current in now.items() if current not in here}
    if faults := [fault for each in conditions for fault in _faults(each, kinds, unknown)]:
        raise Invalid(faults=faults)
    at = clock.now()
    permissions = [each.condition.permission for each in conditions if each.condition.permission is not None]
    permitted = {
        (asked.purpose, asked.channel): permitting(session, movement, Person.id, asked.purpose, asked.channel, at)
        for asked in permissions
    }
    return node, Known(movement, at, days.zone(session, movement), kinds, now, permitted, protected(session, movement))


def _kinds(session: Session, movement: str, conditions: Sequence[Leaf]) -> Mapping[str, FieldKind]:
    """The kinds of the custom fields that are named. A retired one can be asked for: its values are still there."""
    keys = {each.condition.custom.key for each in conditions if each.condition.custom is not None}
    fields = custom_fields.by_key(session, movement, Noun.PERSON, keys) if keys else {}
    return {key: FieldKind(field.kind) for key, field in fields.items()}


def _faults(leaf: Leaf, kinds: Mapping[str, FieldKind], unknown: set[str]) -> Iterator[Fault]:
    """What is wrong with a condition that only the movement's own records tell."""
    affiliation, custom = leaf.condition.affiliation, leaf.condition.custom
    if affiliation is not None and affiliation.organisation in unknown:
        place = f"{leaf.place}/affiliation/organisation"
        yield Fault(place, "is no organisation of this movement", "unknown_organisation")
    if custom is None:
        return
    kind = kinds.get(custom.key)
    if kind is None:
        yield Fault(f"{leaf.place}/custom/key", "is no field of this movement's people", "unknown_field")
        return
    for name, said in (("equals", custom.equals), ("at_least", custom.at_least), ("at_most", custom.at_most)):
        if said is None:
            continue
        if name != "equals" and kind not in (FieldKind.NUMBER, FieldKind.DATE):
            yield Fault(f"{leaf.place}/custom/{name}", f"a field of the kind {kind} has no order", "no_order")
            continue
        try:
            value_of(kind, said)
        except ValueError:
            yield Fault(
                f"{leaf.place}/custom/{name}", f"is nothing that a field of the kind {kind} holds", "wrong_kind"
            )


def _held(session: Session, movement: str, segment: str, expected: int | None) -> Segment:
    found = store.for_change(session, movement, segment)
    if found is None:
        raise NotFound
    hold_to(found.version, expected)
    return found
