"""What an import has written and not yet revealed is seen by nobody.

Every query of people carries the condition by itself, so that none can forget it: it is added to whatever is selected
from :class:`Person`, in subqueries and joins too. A query of what hangs on people alone (their labels, their ids in
other systems) joins them for it. Hot statements carry it themselves, and statements on the bare table
(``Person.__table__``) do without, for the import itself.
"""

import sqlalchemy as sa
from sqlalchemy import orm

from services.members.base import Base
from services.members.directory.people.models import Person
from shared.db import Session

_imports = sa.table("people_imports", sa.column("id"), sa.column("revealed_at"))
_revealed = sa.select(_imports.c.id).where(_imports.c.revealed_at.is_not(None))
SEEN = Person.hidden_by.is_(None) | Person.hidden_by.in_(_revealed)
"""The condition as a hot statement carries it."""

_seen = orm.with_loader_criteria(
    Person, lambda person: person.hidden_by.is_(None) | person.hidden_by.in_(_revealed), include_aliases=True
)


@sa.event.listens_for(Session, "do_orm_execute")
def _hide(state: orm.ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if state.is_select and not state.is_column_load and mapper is not None and mapper.registry is Base.registry:
        state.statement = state.statement.options(_seen)
