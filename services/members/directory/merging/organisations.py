"""What is particular to organisations that become one: their place among parents and branches."""

from sqlalchemy.orm import Session

from services.members.directory.merging import references, rows
from services.members.directory.merging.steps import Row


def placed(session: Session, movement: str, survivor: Row, merged: Row) -> dict[str, object]:
    """Where the survivor belongs: a branch that takes in the body above it takes its place there."""
    table, above = references.table("organisations"), survivor
    while above["parent"] is not None:
        if above["parent"] == merged["id"]:
            return {"parent": merged["parent"]}
        found = rows.find(session, movement, table, {"id": above["parent"]})
        if found is None or found["id"] == survivor["id"]:
            break
        above = found
    return {}
