"""How somebody known by an alias becomes a person: by their own word, or that of whoever may decide for them."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import ages
from services.members.directory.people import domain as people
from services.members.directory.people.models import WITHOUT_LADDER, AgeBand
from services.members.directory.people.schemas import KnownPerson
from services.members.engagement.ladder import guard
from services.members.engagement.ladder.models import Reason
from services.members.trust.care import domain
from services.members.trust.care.models import RESIDENTIAL, Alias
from services.members.trust.care.schemas import Joining
from services.members.trust.permissions.models import Authority
from shared import clock
from shared.errors import Fault, Invalid

_FOR_WHOEVER_LACKS_CAPACITY = (Authority.ATTORNEY_OR_DEPUTY, Authority.BEST_INTERESTS)


def join(session: Session, movement: str, setting: str, id: str, said: Joining, expected: int | None) -> Alias:
    """Let somebody be known by who they are. Their interests go with them; the alias is left with who they became.

    Raises NotFound, PreconditionFailed, IllegalTransition where they have joined or withdrawn, Invalid (`no_authority`)
    where whoever decided may not, and what entering a person raises. Residents have no rung.
    """
    where = domain.seen(session, movement, setting)
    alias = domain.held(session, movement, setting, id, expected)
    _check(session, movement, said)
    person = people.enter(session, movement, _with_interests(said.person, alias.interests)).id
    if where.kind in RESIDENTIAL:
        guard.exclude(session, movement, person, Reason.RESIDENT)
    alias.authority, alias.review_on = said.permission.authority, said.permission.review_on
    alias.consulted = [str(role) for role in said.permission.consulted]
    alias.join(person, clock.now())
    return alias


def _check(session: Session, movement: str, said: Joining) -> None:
    """Raise Invalid where whoever decided may not, or what they decided was never to be looked at again.

    Parental responsibility ends at 18 (Children Act 1989, section 105; in Scotland mostly at 16, where a child record
    asks for it). An attorney, a deputy or best interests decide for nobody under 16 (Mental Capacity Act 2005, section
    2(5)).
    """
    about, permission, faults = said.person.person, said.permission, []
    band = ages.settled(session, movement, about.age_band, about.date_of_birth, "/person/person")
    too_old = permission.authority is Authority.PARENTAL_RESPONSIBILITY and band is AgeBand.ADULT
    too_young = permission.authority in _FOR_WHOEVER_LACKS_CAPACITY and band in WITHOUT_LADDER
    if too_old or too_young:
        age = "an adult" if too_old else "anybody under 16"
        faults.append(Fault("/permission/authority", f"decides nothing for {age}", "no_authority"))
    if permission.review_on is not None and permission.review_on <= days.today(session, movement):
        faults.append(Fault("/permission/review_on", "is not in the future", "not_in_the_future"))
    if faults:
        raise Invalid(faults=faults)


def _with_interests(known: KnownPerson, interests: list[str]) -> KnownPerson:
    """Who they are, with what they like as it was known under the alias."""
    together = dict.fromkeys([*known.person.interests, *(word.replace("_", " ") for word in interests)])
    return known.model_copy(update={"person": known.person.model_copy(update={"interests": list(together)})})
