"""Settling what a movement uses personal data for."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from services.members.directory.people.models import LawfulBasis
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes import store
from services.members.trust.purposes.models import Purpose
from services.members.trust.purposes.schemas import NewPurpose, PurposeChanges
from services.members.trust.purposes.standard import STANDARD, Standard
from services.members.trust.retention.schedule import SCHEDULE
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound


class AlreadyEntered(Conflict):
    """The movement has a purpose of this key."""

    code = "already_entered"
    title = "There is a purpose of this key already"


def enter(session: Session, movement: str, said: NewPurpose, by_yes_alone: Iterable[str]) -> Purpose:
    """Enter a purpose, or settle one of the software's own. ``by_yes_alone`` are the channels over which direct
    marketing needs a yes by law. Raises AlreadyEntered and Invalid."""
    if store.for_change(session, movement, said.key) is not None:
        raise AlreadyEntered("change it instead")
    at = clock.now()
    purpose = Purpose(
        movement=movement,
        key=said.key,
        name=said.name,
        basis=said.basis,
        assessment=said.assessment,
        special_categories=[str(category) for category in said.special_categories],
        further_condition=said.further_condition,
        retention=said.retention,
        marketing=said.marketing,
        consent_over=[str(channel) for channel in said.consent_over],
        version=1,
        created_at=at,
        updated_at=at,
        retired_at=None,
    )
    _hold_to_the_law(purpose, by_yes_alone)
    store.add(session, purpose)
    return purpose


def change(
    session: Session,
    movement: str,
    key: str,
    said: PurposeChanges,
    expected: int | None,
    by_yes_alone: Iterable[str],
) -> Purpose:
    """Change those fields of a purpose that are said. Raises NotFound, PreconditionFailed, PurposeRetired, Invalid."""
    purpose = _held(session, movement, key, expected)
    for field, value in said.model_dump(mode="json", include=said.model_fields_set).items():
        setattr(purpose, field, value)
    _hold_to_the_law(purpose, by_yes_alone)
    purpose.changed(clock.now())
    return purpose


def retire(session: Session, movement: str, key: str, expected: int | None) -> Purpose:
    """Let nothing be allowed for a purpose from now on. Raises NotFound, PreconditionFailed and PurposeRetired."""
    purpose = _held(session, movement, key, expected)
    purpose.retire(clock.now())
    return purpose


def read(session: Session, movement: str, key: str) -> Purpose | Standard:
    """One purpose: as the movement settled it, else as the software has it. Raises NotFound."""
    found = store.find(session, movement, key) or STANDARD.get(key)
    if found is None:
        raise NotFound
    return found


def every(session: Session, movement: str) -> Sequence[Purpose | Standard]:
    """All that the movement has entered, and those of the software that it has not settled."""
    entered = store.list_purposes(session, movement)
    settled = {purpose.key for purpose in entered}
    return [*entered, *(each for key, each in STANDARD.items() if key not in settled)]


def _held(session: Session, movement: str, key: str, expected: int | None) -> Purpose:
    purpose = store.for_change(session, movement, key)
    if purpose is None:
        raise NotFound
    hold_to(purpose.version, expected)
    return purpose


def _hold_to_the_law(purpose: Purpose, by_yes_alone: Iterable[str]) -> None:
    """Let marketing need a yes where the law says so. Raises Invalid, naming every condition that is not met."""
    if faults := list(_faults(purpose)):
        raise Invalid(faults=faults)
    needed = {*purpose.consent_over, *(by_yes_alone if purpose.marketing else ())}
    purpose.consent_over = [channel for channel in Channel if channel in needed]


def _faults(purpose: Purpose) -> Iterator[Fault]:
    if purpose.basis == LawfulBasis.LEGITIMATE_INTERESTS and purpose.assessment is None:
        yield Fault("/assessment", "is needed: where the assessment of the interest is kept", "assessment_missing")
    if purpose.special_categories and purpose.further_condition is None:
        reason = "is needed for special categories of data (UK GDPR, article 9)"
        yield Fault("/further_condition", reason, "further_condition_missing")
    if purpose.further_condition is not None and not purpose.special_categories:
        yield Fault("/special_categories", "names nothing that the further condition is for", "missing")
    if purpose.retention is not None and purpose.retention not in SCHEDULE:
        yield Fault("/retention", "is no kind of record of the retention schedule", "unknown_kind")
