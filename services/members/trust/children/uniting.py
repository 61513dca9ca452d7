"""What two records of one child come to when they become one: a no of either is a no of both."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members.directory.merging import references, rows
from services.members.directory.merging.steps import SetAside, Step, difference, restored

TABLE = "child_records"


def no_of_either(session: Session, movement: str, survivor: str, steps: Sequence[Step]) -> list[Step]:
    """Where the record that was set aside was withdrawn and the survivor's was not, withdraw that too."""
    table, key = references.table(TABLE), {"person": survivor}
    own = rows.find(session, movement, table, key)
    withdrawn_on = _withdrawn_on(steps)
    if own is None or own["withdrawn_on"] is not None or withdrawn_on is None:
        return []
    values = {"withdrawn_on": withdrawn_on, "version": int(str(own["version"])) + 1}
    rows.update(session, movement, table, key, values)
    changed = difference(TABLE, key, own, {**own, **values})
    return [] if changed is None else [changed]


def _withdrawn_on(steps: Sequence[Step]) -> date | None:
    for step in steps:
        if isinstance(step, SetAside) and step.table == TABLE:
            withdrawn_on = restored(references.table(TABLE), step.row)["withdrawn_on"]
            if isinstance(withdrawn_on, date):
                return withdrawn_on
    return None
