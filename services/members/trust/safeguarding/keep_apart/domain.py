"""Keeping two people apart, and ending it. Nothing of it is told on the log."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.community import people
from services.members.directory.people.store import current
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.keep_apart import store as pairs
from services.members.trust.safeguarding.keep_apart.models import KeptApart
from services.members.trust.safeguarding.keep_apart.parting import part
from services.members.trust.safeguarding.keep_apart.schemas import NewPair
from services.members.trust.safeguarding.keep_apart.store import KIND, TABLE
from services.members.trust.safeguarding.keep_apart.together import Shared, together
from shared import clock
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def keep_apart(session: Session, movement: str, said: NewPair, by: str) -> KeptApart:
    """Keep two people apart from now on; the other one leaves what both are expected at. Raises Invalid."""
    named = people.current(session, movement, {"/person": said.person, "/other": said.other})
    if named["/person"] == named["/other"]:
        raise Invalid(faults=[Fault("/other", "is the same person", "same_person")])
    pair = KeptApart(
        id=new_id("apart"),
        person=named["/person"],
        other=named["/other"],
        review_on=said.review_on,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    store.add(session, movement, TABLE, pair)
    part(session, movement, stays=pair.person, gives_way=pair.other)
    return pair


def list_pairs(session: Session, movement: str, *, person: str | None, after: After, limit: int) -> Sequence[KeptApart]:
    """Who is, and was, kept apart, by the ids that they have now."""
    rows = pairs.list_pairs(session, movement, person=person, after=after, limit=limit)
    return [_of_now(session, movement, row) for row in rows]


def what_they_share(session: Session, movement: str, pair: str) -> Sequence[Shared]:
    """Where the two of a pair have been together, or are. Raises NotFound."""
    row = store.find(session, movement, TABLE, KIND, pair)
    if row is None:
        raise NotFound
    now = _of_now(session, movement, row)
    return together(session, movement, now.person, now.other)


def end(session: Session, movement: str, pair: str, by: str) -> KeptApart:
    """Keep them apart no longer; once more changes nothing. Raises NotFound."""
    row = store.for_change(session, movement, TABLE, KIND, pair)
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.now(), by
        store.change(session, movement, TABLE, row)
    return _of_now(session, movement, row)


def _of_now(session: Session, movement: str, row: KeptApart) -> KeptApart:
    now = current(session, movement, set(row.people()))
    row.person, row.other = now[row.person], now[row.other]
    return row
