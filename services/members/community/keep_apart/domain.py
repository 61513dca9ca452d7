"""Keeping two people apart, and ending it. Nothing of it is told on the log."""

from sqlalchemy.orm import Session

from services.members.community import people
from services.members.community.keep_apart import store
from services.members.community.keep_apart.models import KeptApart
from services.members.community.keep_apart.schemas import NewPair
from shared import clock
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def keep_apart(session: Session, movement: str, said: NewPair, by: str) -> KeptApart:
    """Keep two people apart from now on. Raises Invalid."""
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
    store.add(session, movement, pair)
    return pair


def end(session: Session, movement: str, pair: str, by: str) -> KeptApart:
    """Keep them apart no longer; once more changes nothing. Raises NotFound."""
    row = store.for_change(session, movement, pair)
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.now(), by
    return row
