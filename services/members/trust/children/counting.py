"""Children who are counted by their setting, and not named."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.programmes import store as programmes_store
from services.members.named import named, organisation_now
from services.members.trust.children import store
from services.members.trust.children.count_schemas import ChildCountChanges, NewChildCount
from services.members.trust.children.models import ChildCount
from services.members.trust.children.store import ChosenCounts
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def count(session: Session, movement: str, said: NewChildCount) -> ChildCount:
    """Enter how many children of a setting took part. Raises Invalid."""
    found = named(session, movement, organisations={"/setting": said.setting})
    faults = list(found.faults)
    if said.programme is not None and programmes_store.find(session, movement, said.programme) is None:
        faults.append(Fault("/programme", "is no programme of this movement", "unknown_programme"))
    if said.ends_on > days.today(session, movement):
        faults.append(Fault("/ends_on", "is in the future", "in_the_future"))
    if faults:
        raise Invalid(faults=faults)
    at = clock.now()
    row = ChildCount(
        movement=movement,
        id=new_id("childcount"),
        setting=found.ids["/setting"],
        programme=said.programme,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        age_band=said.age_band,
        stage=said.stage,
        children=said.children,
        version=1,
        created_at=at,
        updated_at=at,
    )
    store.add(session, row)
    return row


def correct(session: Session, movement: str, id: str, said: ChildCountChanges, expected: int | None) -> ChildCount:
    """Put a count right. Raises NotFound and PreconditionFailed."""
    row = store.count_for_change(session, movement, id)
    if row is None:
        raise NotFound
    hold_to(row.version, expected)
    said.apply(row)
    row.changed(clock.now())
    return row


def list_counts(
    session: Session, movement: str, *, chosen: ChosenCounts, after: After, limit: int
) -> Sequence[ChildCount]:
    """Counts in the order in which they were entered; of a setting by any id that it ever had."""
    chosen = replace(chosen, setting=organisation_now(session, movement, chosen.setting))
    return store.list_counts(session, movement, chosen=chosen, after=after, limit=limit)
