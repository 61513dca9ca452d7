"""What is particular to people and to organisations when two records become one; all else is the same for both."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging import organisations, people, references
from services.members.directory.merging.models import Merge
from services.members.directory.merging.steps import Row, Step
from services.members.directory.organisations import store as organisations_store
from services.members.directory.people import store as people_store
from shared.events.base import Event
from shared.events.members.merging import OrganisationMerged, OrganisationUnmerged, PersonMerged, PersonUnmerged


def _nothing_placed(session: Session, movement: str, survivor: Row, merged: Row) -> dict[str, object]:
    return {}


def _nothing_settled(session: Session, movement: str, merge: Merge, steps: Sequence[Step]) -> list[Step]:
    return []


def _nothing_parted(session: Session, movement: str, merge: Merge) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """A kind of record that can be merged.

    ``current`` gives the id that a record has now, ``known`` those that there are to be seen (an import hides people).
    ``own`` are the columns that the survivor keeps whatever the other says. ``placed`` gives what else changes in the
    survivor's own row. ``settled`` does what follows from two being one, and answers the steps that it took; ``parted``
    does what follows from their being two again. Both run in the merge's own transaction.
    """

    table_name: str
    noun: str
    merged_ids: str
    own: frozenset[str]
    current: Callable[[Session, str, Collection[str]], Mapping[str, str]]
    known: Callable[[Session, str, Collection[str]], Collection[str]]
    merged: Callable[[Merge], Event]
    unmerged: Callable[[Merge], Event]
    placed: Callable[[Session, str, Row, Row], dict[str, object]] = _nothing_placed
    settled: Callable[[Session, str, Merge, Sequence[Step]], list[Step]] = _nothing_settled
    parted: Callable[[Session, str, Merge], None] = _nothing_parted

    @property
    def table(self) -> sa.Table:
        """Its table."""
        return references.table(self.table_name)

    def fields(self) -> Sequence[str]:
        """The columns of which one of two values wins, in their order."""
        names = (column.name for column in self.table.columns)
        return [name for name in names if name not in self.own and name != references.MOVEMENT]


_OF_THE_RECORD = frozenset({"id", "version", "created_at", "updated_at"})

PEOPLE = Kind(
    table_name="people",
    noun="person",
    merged_ids="merged_people",
    own=_OF_THE_RECORD | {"hidden_by"},
    current=people_store.current,
    known=people_store.known,
    merged=lambda merge: PersonMerged(person=merge.merged, into=merge.survivor, merge=merge.id),
    unmerged=lambda merge: PersonUnmerged(person=merge.merged, out_of=merge.survivor, merge=merge.id),
    settled=people.settled,
    parted=people.parted,
)
ORGANISATIONS = Kind(
    table_name="organisations",
    noun="organisation",
    merged_ids="merged_organisations",
    own=_OF_THE_RECORD | {"parent", "ended_on"},
    current=organisations_store.current,
    known=organisations_store.known,
    merged=lambda merge: OrganisationMerged(organisation=merge.merged, into=merge.survivor, merge=merge.id),
    unmerged=lambda merge: OrganisationUnmerged(organisation=merge.merged, out_of=merge.survivor, merge=merge.id),
    placed=organisations.placed,
)
OF_TABLE = {kind.table_name: kind for kind in (PEOPLE, ORGANISATIONS)}
