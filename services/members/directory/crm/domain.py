"""The verb by which somebody comes to be known through a CRM."""

from sqlalchemy.orm import Session

from services.members.directory.crm.schemas import FromCrm, Outcome, TakenIn
from services.members.directory.duplicates import domain as duplicates
from services.members.directory.duplicates import profiles
from services.members.directory.duplicates.nouns import PEOPLE
from services.members.directory.duplicates.scoring import Profile
from services.members.directory.people import domain as people
from services.members.directory.people import store
from services.members.directory.people.models import WITHOUT_LADDER
from services.members.directory.people.schemas import KnownPerson, NewPerson
from services.members.trust.children import domain as children
from services.members.trust.children.checking import Aged
from services.members.trust.erasures import suppression
from shared.secrets import Secrets


def take_in(session: Session, movement: str, said: FromCrm, secrets: Secrets) -> TakenIn:
    """Find somebody by what the CRM calls them, or enter them. Told again it answers `known`, and changes nothing.

    Who was erased is not brought back, a child is neither entered nor shown, and whoever looks like somebody who is
    known waits for a person to say so (``is_new``). Raises Invalid.
    """
    (external,) = said.person.external_ids
    owner = store.owner(session, movement, external.system, external.id)
    if owner is not None:
        return _known(session, movement, owner)
    if children.is_child(session, movement, Aged(said.person.age_band, said.person.date_of_birth)):
        return TakenIn(outcome=Outcome.CHILD)
    if suppression.kept_out(session, movement, secrets, {0: said.person}):
        return TakenIn(outcome=Outcome.KEPT_OUT)
    if not said.is_new and (alike := duplicates.alike(session, movement, PEOPLE, _profile(said.person))):
        return TakenIn(outcome=Outcome.LOOKS_KNOWN, alike=alike)
    entered = people.enter(session, movement, KnownPerson(person=said.person, provenance=said.provenance))
    # Not in the background as for others: the CRM's next record may be the same person under another id.
    duplicates.learn(session, movement, PEOPLE, entered.id)
    return TakenIn(outcome=Outcome.ENTERED, person=entered.id)


def _known(session: Session, movement: str, owner: str) -> TakenIn:
    person = store.find(session, movement, store.present_id(session, movement, owner))
    if person is None:  # hidden: an import is bringing them, and may still be undone
        return TakenIn(outcome=Outcome.KNOWN)
    if person.age_band in WITHOUT_LADDER:
        return TakenIn(outcome=Outcome.CHILD)
    return TakenIn(outcome=Outcome.KNOWN, person=person.id)


def _profile(said: NewPerson) -> Profile:
    return profiles.of_somebody(
        names=(said.given_name, said.family_name, said.known_as),
        emails=[email.address for email in said.emails],
        phones=[phone.number for phone in said.phones],
        external_ids=[(external.system, external.id) for external in said.external_ids],
        postcode=said.postcode,
        born=said.date_of_birth,
    )
