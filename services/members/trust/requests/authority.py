"""Whether somebody may ask for another at all. Where they may not, the request is refused, explained and recorded."""

from sqlalchemy.orm import Session

from services.members.directory.people import store as people
from services.members.directory.people.models import AgeBand
from services.members.trust.requests.models import Authority

_NO_AUTHORITY = (
    "Whoever asked has no authority to act for this person. The person can ask themself, in any form, or give somebody"
    " written authority; an attorney or deputy shows the power or the order."
)
_GROWN_UP = (
    "The person is an adult, so parental responsibility for them has ended. They can ask themself, in any form, or give"
    " somebody written authority; an attorney or deputy shows the power or the order."
)


def why_not(session: Session, movement: str, person: str | None, authority: str | None) -> str | None:
    """Why this authority does not reach, as it is told to whoever asked; None where it may.

    Capacity is presumed: that an adult needs help is no authority (Mental Capacity Act 2005, section 1).
    """
    if authority == Authority.NONE:
        return _NO_AUTHORITY
    if authority == Authority.PARENTAL_RESPONSIBILITY and person is not None:
        found = people.find(session, movement, person)
        if found is not None and found.age_band == AgeBand.ADULT:
            return _GROWN_UP
    return None
