"""Taking somebody out of what was kept to undo the merges of others, in which they may stand as well.

A step holds rows as they were. One that was set aside and would go with them is forgotten; where they only stand beside
somebody else, the step keeps the row without them.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging.models import MergeStep
from services.members.directory.merging.steps import Added, Changed, SetAside, Step, decoded, encoded
from services.members.erasing import Emptied, Goes
from services.members.trust.erasures import fates
from services.members.trust.erasures.fates import Leaving

Values = dict[str, object]


def forget_in_merges(session: Session, movement: str, leaving: Leaving) -> int:
    """Take somebody out of every step that names them. Answers how many steps it was."""
    names_them = sa.or_(*(MergeStep.step.contains(each) for each in leaving.ids))
    changed = 0
    for row in session.scalars(sa.select(MergeStep).where(MergeStep.movement == movement, names_them)).all():
        after = _without(decoded(row.step), leaving)
        if after is None:
            session.delete(row)
        else:
            row.step = encoded(after)
        changed += 1
    return changed


def _without(step: Step, leaving: Leaving) -> Step | None:
    """The step without somebody; None where nothing of it is left."""
    if isinstance(step, Added):
        return None
    if isinstance(step, SetAside):
        if _goes(step.table, step.row, leaving):
            return None
        return SetAside(step.table, _emptied(step.table, step.row, leaving))
    if any(_goes(step.table, side, leaving) for side in (step.key, step.before, step.after)):
        return None
    before, after = (_emptied(step.table, side, leaving) for side in (step.before, step.after))
    return Changed(step.table, step.key, before, after)


def _goes(table: str, values: Values, leaving: Leaving) -> bool:
    own = table == fates.PEOPLE and values.get("id") in leaving.ids
    return own or any(
        values.get(said.column.name) in leaving.ids for said in fates.of_kind(Goes) if said.table.name == table
    )


def _emptied(table: str, values: Values, leaving: Leaving) -> Values:
    emptied = dict(values)
    for said in fates.of_kind(Emptied):
        if said.table.name == table and values.get(said.column.name) in leaving.ids and isinstance(said.fate, Emptied):
            emptied |= {name: None for name in (said.column.name, *said.fate.also) if name in values}
    return emptied
