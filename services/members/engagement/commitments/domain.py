"""The verbs of commitments: made, changed and noted while they are under way, and what became of them."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.programmes import store as programmes
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.campaigns import store as campaigns
from services.members.engagement.campaigns.models import CampaignState
from services.members.engagement.campaigns.models import Closed as CampaignClosed
from services.members.engagement.commitments import store
from services.members.engagement.commitments.models import Commitment, CommitmentNote, CommitmentState
from services.members.engagement.commitments.schemas import (
    CommitmentChanges,
    NewCommitment,
    NewNote,
    Outcome,
    hundredths,
)
from services.members.engagement.commitments.store import Chosen, Shown
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.commitments import CommitmentMade, CommitmentSettled
from shared.ids import new_id

KEPT_COMMITMENT = "kept_commitment"
"""The kind of activity that a person does by keeping a commitment."""


def make(session: Session, movement: str, said: NewCommitment) -> Shown:
    """Take something on. Raises Invalid, CampaignClosed."""
    found = named(
        session, movement, people={"/person": said.person}, organisations={"/organisation": said.organisation}
    )
    if faults := [*found.faults, *_frame_faults(session, movement, said)]:
        raise Invalid(faults=faults)
    at = clock.now()
    commitment = Commitment(
        movement=movement,
        id=new_id("commitment"),
        version=1,
        person=found.at("/person"),
        organisation=found.at("/organisation"),
        programme=said.programme,
        campaign=said.campaign,
        what=said.what,
        hundredths=hundredths(said.quantity),
        unit=said.unit,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        state=CommitmentState.UNDER_WAY,
        made_at=at,
        updated_at=at,
    )
    session.add(commitment)
    made = CommitmentMade(
        giver=commitment.giver,
        commitment=commitment.id,
        programme=commitment.programme,
        campaign=commitment.campaign,
    )
    outbox.record(session, made)
    return Shown(commitment, 0)


def change(session: Session, movement: str, id: str, changes: CommitmentChanges, expected: int | None) -> Shown:
    """Change what is under way. Raises Settled, Invalid."""
    commitment = _held(session, movement, id)
    hold_to(commitment.version, expected)
    commitment.edit(clock.now())
    changes.apply(commitment, "what", "unit", "starts_on", "ends_on")
    if changes.quantity is not None:
        commitment.hundredths = hundredths(changes.quantity)
    if commitment.ends_on < commitment.starts_on:
        raise Invalid(faults=[Fault("/ends_on", "is before it starts", "before_start")])
    if (commitment.hundredths is None) != (commitment.unit is None):
        missing = "/unit" if commitment.unit is None else "/quantity"
        raise Invalid(faults=[Fault(missing, "goes with the other", "quantity_in_a_unit")])
    return read(session, movement, id)


def note(session: Session, movement: str, id: str, said: NewNote) -> CommitmentNote:
    """Note how it is going. Raises Settled, NoQuantity, Invalid."""
    commitment = _held(session, movement, id)
    today, at = days.today(session, movement), clock.now()
    if said.noted_on is not None and said.noted_on > today:
        raise Invalid(faults=[Fault("/noted_on", "is in the future", "in_the_future")])
    commitment.note(at, counts=said.quantity is not None)
    noted = CommitmentNote(
        movement=movement,
        id=new_id("note"),
        commitment=id,
        noted_on=said.noted_on or today,
        words=said.words,
        hundredths=hundredths(said.quantity),
        recorded_at=at,
        recorded_by=of(session).context.actor,
    )
    session.add(noted)
    return noted


def settle(session: Session, movement: str, id: str, said: Outcome) -> Shown:
    """Note what became of it; keeping it is something that a person did. Raises IllegalTransition."""
    commitment = _held(session, movement, id)
    commitment.settle(said.became, of(session).context.actor, clock.now(), said.reason)
    outbox.record(session, CommitmentSettled(giver=commitment.giver, commitment=id, became=said.became))
    if commitment.person is not None and said.became is CommitmentState.KEPT:
        today = days.today(session, movement)
        activities.record_one(session, movement, NewActivity(person=commitment.person, kind=KEPT_COMMITMENT, on=today))
    return read(session, movement, id)


def list_commitments(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> list[Shown]:
    """Commitments in the order in which they were made; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    return store.list_commitments(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> Shown:
    """One commitment. Raises NotFound."""
    session.flush()
    found = store.find(session, movement, id)
    if found is None:
        raise NotFound
    return found


def _frame_faults(session: Session, movement: str, said: NewCommitment) -> list[Fault]:
    """A programme or campaign that is none of the movement's. Raises CampaignClosed where it is over."""
    if said.programme is not None and programmes.find(session, movement, said.programme) is None:
        return [Fault("/programme", "is no programme of this movement", "unknown_programme")]
    if said.campaign is not None:
        campaign = campaigns.find(session, movement, said.campaign)
        if campaign is None:
            return [Fault("/campaign", "is no campaign of this movement", "unknown_campaign")]
        if campaign.state == CampaignState.CLOSED:
            raise CampaignClosed
    return []


def _held(session: Session, movement: str, id: str) -> Commitment:
    """The commitment, locked."""
    found = store.for_change(session, movement, id)
    if found is None:
        raise NotFound
    return found
