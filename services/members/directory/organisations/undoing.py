"""Undoing that an organisation ended, or is to: it is there again, and what nobody touched since is its own again."""

from datetime import date

from sqlalchemy.orm import Session

from services.members.community.programmes import passing as programmes
from services.members.directory.affiliations import domain as affiliations
from services.members.directory.organisations import domain, store
from services.members.directory.organisations.models import EndingState, NotEnded, Organisation, Passage, Shown
from services.members.directory.organisations.schemas import Passing
from services.members.engagement.commitments import passing as commitments
from services.members.engagement.memberships import passing as memberships
from services.members.engagement.pledges import passing as pledges
from services.members.life.exchange import passing as exchange
from services.members.life.staff_time import passing as staff_time
from services.members.life.voices import passing as voices
from shared import clock, outbox
from shared.events.members.organisations import OrganisationReinstated, OrganisationUpdated


def undo(session: Session, movement: str, organisation: str, expected: int | None) -> Shown:
    """Let an organisation go on. Raises NotFound, NotEnded and PreconditionFailed.

    Where the day is still to come nothing has happened. Afterwards each thing that passed on or ended comes back, but
    for what was edited since: that stays where it is.
    """
    row = domain.held(session, movement, organisation, expected)
    ending = store.ending(session, movement, row.id)
    if ending is None:
        raise NotEnded
    row.go_on()
    for passage in store.passages(session, movement, row.id):
        _come_back(session, movement, row, passage, ending.on)
    if ending.state == EndingState.DONE:
        outbox.record(session, OrganisationReinstated(organisation=row.id))
    session.flush()
    store.forget_end(session, movement, row.id)
    return domain.changed(session, row)


def _come_back(session: Session, movement: str, row: Organisation, passage: Passage, on: date) -> None:
    """Let one thing that passed on, or ended on that day, be the organisation's again."""
    record, onward = passage.record, passage.onward
    match Passing(passage.kind):
        case Passing.AFFILIATIONS:
            affiliations.come_back(session, movement, record, onward, on, passage.was)
        case Passing.PARTS:
            _part(session, movement, row, passage)
        case Passing.PLEDGES:
            pledges.come_back(session, movement, record, row.id, onward, on)
        case Passing.COMMITMENTS:
            commitments.come_back(session, movement, record, row.id, onward)
        case Passing.PROGRAMMES:
            programmes.come_back(session, movement, record, row.id, onward, on)
        case Passing.ASKS_AND_OFFERS:
            exchange.come_back(session, movement, record, row.id, onward)
        case Passing.VOICES:
            voices.come_back(session, movement, record, row.id, onward, on)
        case Passing.STAFF_TIME:
            staff_time.come_back(session, movement, record, row.id, onward, on)
        case Passing.MEMBERSHIP:
            memberships.come_back(session, movement, record, onward or "")


def _part(session: Session, movement: str, row: Organisation, passage: Passage) -> None:
    """A part that is still where it was put is a part again, unless the organisation is one of its own by now."""
    part = store.for_change(session, movement, passage.record)
    if part is None or part.parent != passage.onward or part.id in domain.above(session, movement, row.id):
        return
    part.parent = row.id
    part.changed(clock.now())
    outbox.record(session, OrganisationUpdated(organisation=part.id, version=part.version))
