"""Crediting what somebody did for the community: an activity of a kind, on this day, that the ladder may count."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.ladder import store as ladder_store


def credit(session: Session, movement: str, person: str, kind: str) -> None:
    """Record what a member did; with whom is not said. Of somebody who is no member nothing is recorded."""
    if ladder_store.member(session, movement, person) is not None:
        done = NewActivity(person=person, kind=kind, on=days.today(session, movement))
        activities.record_one(session, movement, done)
