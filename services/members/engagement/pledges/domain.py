"""Making a pledge."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.members.engagement.pledges import store
from services.members.engagement.pledges.models import Pledge
from services.members.engagement.pledges.schemas import NewPledge
from shared import outbox
from shared.events.members.engagement import PledgeMade
from shared.ids import new_id


def make(session: Session, movement: str, person: str, said: NewPledge, at: datetime) -> str:
    """Store what a person promises, and announce that they did; the words stay here. The pledge's id."""
    pledge = Pledge(
        id=new_id("pledge"), person=person, text=said.text, campaign=said.campaign, due_on=said.due_on, made_at=at
    )
    store.add(session, movement, pledge)
    outbox.record(session, PledgeMade(person=person, pledge=pledge.id, campaign=said.campaign))
    return pledge.id
