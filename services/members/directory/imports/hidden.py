"""What an import has written and not yet revealed is seen by nobody.

Every query of people carries the condition by itself, so that none can forget it: it is added to whatever is selected
from :class:`Person`, in subqueries and joins too. Statements on the bare table (``Person.__table__``) and hot ones do
without; they look people up by an id, and nobody knows the id of somebody hidden.
"""

import sqlalchemy as sa
from sqlalchemy import orm

from services.members.base import Base
from services.members.directory.imports.models import PeopleImport
from services.members.directory.people.models import Person
from shared.db import Session

_revealed = sa.select(PeopleImport.id).where(PeopleImport.revealed_at.is_not(None))
_seen = orm.with_loader_criteria(
    Person, lambda person: person.hidden_by.is_(None) | person.hidden_by.in_(_revealed), include_aliases=True
)


@sa.event.listens_for(Session, "do_orm_execute")
def _hide(state: orm.ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if state.is_select and not state.is_column_load and mapper is not None and mapper.registry is Base.registry:
        state.statement = state.statement.options(_seen)
