"""How an organisation comes to be known to a movement."""

from sqlalchemy.orm import Session

from services.members.directory.organisations import store
from services.members.directory.organisations.models import Organisation
from services.members.directory.organisations.schemas import NewOrganisation
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.organisations import OrganisationCreated
from shared.ids import new_id


def create(session: Session, movement: str, said: NewOrganisation) -> Organisation:
    """Make an organisation. Raises Invalid where the parent is unknown."""
    parent = None
    if said.parent is not None:
        parent = store.current(session, movement, [said.parent])[said.parent]
        if not store.known(session, movement, [parent]):
            raise Invalid(faults=[Fault("/parent", "is no organisation of this movement", "unknown_organisation")])
    at = clock.now()
    organisation = Organisation(
        movement=movement,
        id=new_id("org"),
        version=1,
        created_at=at,
        updated_at=at,
        **said.model_dump(exclude={"parent"}),
        parent=parent,
    )
    session.add(organisation)
    outbox.record(session, OrganisationCreated(organisation=organisation.id))
    return organisation


def read(session: Session, movement: str, organisation: str) -> Organisation:
    """One organisation, by its own id or one that was merged into it. Raises NotFound."""
    found = store.find(session, movement, store.current(session, movement, [organisation])[organisation])
    if found is None:
        raise NotFound
    return found
