"""The verbs of disclosure profiles: enter a version, list them, and find the one that a release follows."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.measures.disclosure import store
from services.measures.disclosure.models import DisclosureProfile, Rule
from services.measures.disclosure.schemas import NewProfile
from services.measures.disclosure.standard import STANDARD
from shared import clock
from shared.errors import NotFound


def enter(session: Session, movement: str, said: NewProfile) -> Rule:
    """Enter the next version of a profile, a standard one's or the movement's own."""
    before = _newest(session, movement, said.key)
    row = DisclosureProfile(
        movement=movement, key=said.key, number=1 if before is None else before.number + 1, title=said.title,
        source=said.source, method=said.method.value, small_below=said.small_below, zero_is_small=said.zero_is_small,
        round_to=said.round_to, hide_certain=said.hide_certain, least_base=said.least_base,
        least_area_base=said.least_area_base, created_at=clock.now(),
    )  # fmt: skip
    store.add(session, row)
    return row.rule


def newest(session: Session, movement: str, key: str) -> Rule:
    """The version that is followed by whoever names a profile. Raises NotFound."""
    found = _newest(session, movement, key)
    if found is None:
        raise NotFound("there is no such profile")
    return found


def read(session: Session, movement: str, key: str, number: int) -> Rule:
    """One version. Raises NotFound."""
    row = store.find(session, movement, key, number)
    if row is not None:
        return row.rule
    standard = STANDARD.get(key)
    if standard is None or standard.number != number:
        raise NotFound("there is no such profile")
    return standard


def versions(session: Session, movement: str, key: str) -> Sequence[Rule]:
    """Every version of one profile, by its number. Raises NotFound."""
    found = [rule for rule in list_profiles(session, movement) if rule.key == key]
    if not found:
        raise NotFound("there is no such profile")
    return found


def list_profiles(session: Session, movement: str) -> Sequence[Rule]:
    """Every version of every profile, the standard ones first."""
    return [*STANDARD.values(), *(row.rule for row in store.every(session, movement))]


def _newest(session: Session, movement: str, key: str) -> Rule | None:
    row = store.newest(session, movement, key)
    return STANDARD.get(key) if row is None else row.rule
