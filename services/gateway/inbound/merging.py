"""A record of a CRM's held against a person and against what both sides last agreed on: who changed what. Pure.

All is compared in the CRM's own terms: what its record says is read back by the mapping and put into its words again,
so that an empty text and no value, or a number as text, are no difference. What was agreed is known by keyed digests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.gateway.crm.mapping import FieldMapping, PersonMapping, Record, folded, inward, outward
from services.gateway.crm.models import Owner
from shared.errors import Fault, Invalid
from shared.expressions import CannotEvaluate

_CUSTOM = "custom"
_NEEDED = "given_name"


class Digested(Protocol):
    """Makes the keyed digest of a field's value."""

    def __call__(self, field: str, value: object, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that both sides changed: their name of it and ours, and the values on each side."""

    field: str
    name: str
    ours: object
    theirs: object


@dataclass(slots=True)
class Merged:
    """What is to be done. ``take`` are our fields with the values to take over, ``told`` whether the CRM lacks ours.

    ``agreed`` are the digests by the CRM's field: what it has, as far as we have seen it.
    """

    take: dict[str, object] = field(default_factory=dict)
    told: bool = False
    ask: list[Differing] = field(default_factory=list)
    agreed: dict[str, str] = field(default_factory=dict)


def said(mapping: PersonMapping, theirs: Record) -> dict[str, object]:
    """What a record says of our fields; an empty text says that there is no value. Raises Invalid."""
    try:
        return {name: folded(value) for name, value in inward(mapping, theirs).items()}
    except CannotEvaluate:
        raise Invalid(faults=[Fault("", "does not have the shape that the mapping expects", "shape")]) from None


def merge(
    mapping: PersonMapping,
    ours: Record,
    theirs: Record,
    agreed: Mapping[str, str],
    wins: Mapping[str, Owner],
    digest: Digested,
    settled: Mapping[str, Owner] | None = None,
) -> Merged:
    """Whose value of each field holds.

    Where one side alone changed, its value; where both did, whoever owns the field, or a person is asked. What they
    said is ``settled``, by the CRM's field: then the record is as it was when they were asked, and nothing else of it
    counts.
    """
    found, values = Merged(), said(mapping, theirs)
    for each in mapping.fields:
        if settled and each.theirs not in settled:
            continue
        owner = (settled or wins).get(each.theirs, Owner.BACKBONE)
        ours_now, last = folded(in_their_words(each, mapping, ours)), agreed.get(each.theirs)
        mine = digest(each.theirs, ours_now)
        if each.ours not in values:  # it is not read back, or the record does not have it
            found.told = found.told or (mine != last and (last is not None or ours_now is not None))
            continue
        value = values[each.ours]
        theirs_now = folded(in_their_words(each, mapping, _with(ours, each.ours, value)))
        other = digest(each.theirs, theirs_now)
        they_changed = last != other and not (last is None and theirs_now is None)
        we_changed = last != mine and not (last is None and ours_now is None)
        if mine != other:
            _settle_difference(found, each, owner, (ours_now, value), (we_changed, they_changed))
        if not any(asked.field == each.theirs for asked in found.ask):
            found.agreed[each.theirs] = other
    return found


def in_their_words(each: FieldMapping, mapping: PersonMapping, ours: Record) -> object:
    """A person's value of one field, as the CRM is told it. Raises Invalid."""
    try:
        return outward(mapping.model_copy(update={"fields": [each]}), ours)[each.theirs]
    except CannotEvaluate:
        return None


def _settle_difference(
    found: Merged, each: FieldMapping, owner: Owner, values: tuple[object, object], changed: tuple[bool, bool]
) -> None:
    """Decide about a field of which we and they have different values; who changed it since it was agreed on."""
    (ours, theirs), (we_changed, they_changed) = values, changed
    if not they_changed or (each.ours == _NEEDED and theirs is None):  # nobody loses their name because a CRM has none
        found.told = True
    elif not we_changed or owner is Owner.CRM:
        found.take[each.ours] = theirs
    elif owner is Owner.BACKBONE:  # what they have is known, and ours counts as the change after it
        found.told = True
    else:
        found.ask.append(Differing(each.theirs, each.ours, ours, theirs))


def _with(ours: Record, name: str, value: object) -> Record:
    whole, dot, key = name.partition(".")
    if not dot:
        return {**ours, name: value}
    custom = ours.get(_CUSTOM)
    return {**ours, whole: {**(custom if isinstance(custom, dict) else {}), key: value}}
