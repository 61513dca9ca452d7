"""The verbs: two records become one, and two again.

A merge is undone by taking its steps back. Where a later merge touched the same records, or rows that name them, that
one is undone first and made again afterwards, all in one transaction: so merges can be undone in any order, and what
comes out is what the remaining ones alone would have made.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from services.members.directory.merging import carrying_out, references, rows, store, winning
from services.members.directory.merging.kinds import OF_TABLE, Kind
from services.members.directory.merging.models import Merge, MergeState
from services.members.directory.merging.people import together
from services.members.directory.merging.plan import plan
from services.members.directory.merging.preview import Preview
from services.members.directory.merging.schemas import NewMerge
from services.members.directory.merging.steps import Added, Row, Step, difference
from shared import clock, outbox
from shared.db.hot import settle
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id


class AlreadyMerged(Conflict):
    """One of the two was merged before; ``merged`` is its id and ``into`` what it is now."""

    code = "already_merged"
    title = "This record was merged already"


class NotMerged(Conflict):
    """The record is one of its own."""

    code = "not_merged"
    title = "This record is not merged with another"


def preview(session: Session, movement: str, kind: Kind, into: str, said: NewMerge) -> Preview:
    """What `merge` would do, by reading alone. Raises what it would raise."""
    survivor, merged = _both(session, movement, kind, into, said)
    fields = winning.fields(survivor, merged, kind.fields(), said.choices)
    planned = plan(session, movement, kind.table_name, merged, survivor, lock=False)
    return Preview(survivor, merged, fields, planned.steps, together(session, movement, into, said.merged))


def merge(session: Session, movement: str, kind: Kind, into: str, said: NewMerge) -> Merge:
    """Let one record become another, with all that is theirs.

    Raises NotFound, AlreadyMerged, PreconditionFailed where either changed since the caller looked, and Invalid for a
    record that is unknown or the same one, and for a field that there is none of.
    """
    number = store.take_turn(session, movement)
    store.lock(session, movement, kind.table, {into, said.merged})
    survivor, merged = _both(session, movement, kind, into, said)
    row = Merge(
        movement=movement,
        id=new_id("merge"),
        number=number,
        kind=kind.table_name,
        merged=said.merged,
        survivor=into,
        state=MergeState.LIVE,
        choices=dict(said.choices),
        merged_by=of(session).context.actor,
        merged_at=clock.now(),
        undone_by=None,
        undone_at=None,
    )
    session.add(row)
    session.flush()
    fields = winning.fields(survivor, merged, kind.fields(), said.choices)
    _unite(session, movement, row, survivor, merged, {field.name: field.value for field in fields})
    outbox.record(session, kind.merged(row))
    return row


def unmerge(session: Session, movement: str, kind: Kind, merged: str) -> Merge:
    """Let a merged record be one of its own again. Raises NotFound, NotMerged and CannotUnmerge.

    What had been its own is its own again, as it is by now; what was deleted stays deleted, and what came since stays
    with the survivor.
    """
    store.take_turn(session, movement)
    row = store.live(session, movement, merged)
    if row is None or row.kind != kind.table_name:
        if not kind.known(session, movement, [merged]):
            raise NotFound
        raise NotMerged
    later = _entangled(session, movement, row)
    _lock(session, movement, [row, *later])
    won = {each.id: _part(session, movement, each) for each in [*reversed(later), row]}
    row.state, row.undone_at, row.undone_by = MergeState.UNDONE, clock.now(), of(session).context.actor
    for each in later:
        survivor, merged_row = _rows(session, movement, each)
        _unite(session, movement, each, survivor, merged_row, {name: merged_row[name] for name in won[each.id]})
    kind.parted(session, movement, row)
    outbox.record(session, kind.unmerged(row))
    return row


def merges(session: Session, movement: str, kind: Kind, record: str) -> Sequence[Merge]:
    """The merges that a record took part in, the latest first. Raises NotFound."""
    found = store.list_merges(session, movement, record)
    if not found and not kind.known(session, movement, [record]):
        raise NotFound
    return [each for each in found if each.kind == kind.table_name]


def _both(session: Session, movement: str, kind: Kind, into: str, said: NewMerge) -> tuple[Row, Row]:
    """The survivor's row and the other's, if the one can become the other."""
    known = kind.known(session, movement, [into, said.merged])
    survivor = rows.find(session, movement, kind.table, {"id": into})
    if survivor is None or into not in known:
        _refuse_merged(session, movement, kind, into)
        raise NotFound
    if said.merged == into:
        raise Invalid(faults=[Fault("/merged", "is the same record", "merged_into_itself")])
    merged = rows.find(session, movement, kind.table, {"id": said.merged})
    if merged is None or said.merged not in known:
        _refuse_merged(session, movement, kind, said.merged)
        raise Invalid(faults=[Fault("/merged", f"is no {kind.noun} of this movement", f"unknown_{kind.noun}")])
    if unknown := [name for name in said.choices if name not in kind.fields()]:
        raise Invalid(faults=[Fault(f"/choices/{name}", "is no field to choose", "unknown_field") for name in unknown])
    for row, expected in ((survivor, said.survivor_version), (merged, said.merged_version)):
        hold_to(int(str(row["version"])), expected)
    return survivor, merged


def _refuse_merged(session: Session, movement: str, kind: Kind, record: str) -> None:
    now = kind.current(session, movement, [record])[record]
    if now != record:
        raise AlreadyMerged(merged=record, into=now)


def _rows(session: Session, movement: str, merge: Merge) -> tuple[Row, Row]:
    table = OF_TABLE[merge.kind].table
    found = [rows.find(session, movement, table, {"id": record}) for record in (merge.survivor, merge.merged)]
    survivor, merged = found
    if survivor is None or merged is None:
        raise NotFound
    return survivor, merged


def _unite(
    session: Session, movement: str, merge: Merge, survivor: Row, merged: Row, values: Mapping[str, object]
) -> None:
    """Carry a merge out: every row of the one to the other, the values that win, and what follows from both."""
    kind = OF_TABLE[merge.kind]
    planned = plan(session, movement, kind.table_name, merged, survivor, lock=True)
    steps: list[Step] = list(planned.steps)
    wins = {**survivor, **values, **kind.placed(session, movement, survivor, merged)}
    own = difference(kind.table_name, {"id": merge.survivor}, survivor, wins)
    carrying_out.carry_out(session, movement, steps if own is None else [*steps, own])
    steps += [] if own is None else [own]
    answers = references.table(kind.merged_ids)
    rows.insert(session, movement, answers, {"merged": merge.merged, kind.noun: merge.survivor})
    steps.append(Added(kind.merged_ids, {"merged": merge.merged}))
    steps += kind.settled(session, movement, merge, steps)
    settle(session)  # a later merge that is made again in this transaction has these rows to move
    store.keep(session, movement, merge.id, steps, planned.neighbours)
    _touch(session, movement, kind, merge.survivor)


def _part(session: Session, movement: str, merge: Merge) -> list[str]:
    """Undo a merge; the fields that the survivor had won by it and has no more."""
    kind = OF_TABLE[merge.kind]
    taken_back = carrying_out.undo(session, movement, store.steps(session, movement, merge.id))
    store.forget(session, movement, merge.id)
    for record in (merge.survivor, merge.merged):
        _touch(session, movement, kind, record)
    own = (step for step in taken_back if step.table == kind.table_name and step.key == {"id": merge.survivor})
    return [name for step in own for name in step.after if name in kind.fields()]


def _entangled(session: Session, movement: str, merge: Merge) -> list[Merge]:
    """The later merges that touched what this one did, directly or by way of each other, in their order."""
    beside = store.neighbours(session, movement, merge.number)
    found = [merge]
    for each in store.live_since(session, movement, merge.number + 1):
        pair = {each.merged, each.survivor}
        for earlier in found:
            before = {earlier.merged, earlier.survivor}
            if pair & (before | beside.get(earlier.id, set())) or before & beside.get(each.id, set()):
                found.append(each)
                break
    return found[1:]


def _lock(session: Session, movement: str, merges: Sequence[Merge]) -> None:
    for table_name, kind in OF_TABLE.items():
        records = {record for each in merges if each.kind == table_name for record in (each.survivor, each.merged)}
        store.lock(session, movement, kind.table, records)


def _touch(session: Session, movement: str, kind: Kind, record: str) -> None:
    """Give a record a new version: whoever read it before reads it again."""
    row = rows.find(session, movement, kind.table, {"id": record})
    if row is not None:
        values = {"version": int(str(row["version"])) + 1, "updated_at": clock.now()}
        rows.update(session, movement, kind.table, {"id": record}, values)
