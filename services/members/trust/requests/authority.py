"""Whether somebody may ask for another at all. Where they may not, the request is refused, explained and recorded."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.directory.people.models import AgeBand
from services.members.trust.children import store as children
from services.members.trust.children.rules import in_force, younger_than
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.requests.models import Representation

_ASK_THEMSELF = (
    "They can ask themself, in any form, or give somebody written authority; an attorney or deputy shows the power or"
    " the order."
)
_NO_AUTHORITY = f"Whoever asked has no authority to act for this person. {_ASK_THEMSELF}"
_OLD_ENOUGH = f"The person is {{age}} or older and decides for themself; parents no longer do. {_ASK_THEMSELF}"


def why_not(session: Session, movement: str, person: str | None, authority: str | None) -> str | None:
    """Why this authority does not reach, as it is told to whoever asked; None where it may.

    Capacity is presumed: that an adult needs help is no authority (Mental Capacity Act 2005, section 1). From which age
    on children decide for themselves is the movement's rule for where they are, else the highest of any jurisdiction.
    """
    if authority == Representation.NONE:
        return _NO_AUTHORITY
    if authority != Representation.PARENTAL_RESPONSIBILITY or person is None:
        return None
    found = people.find(session, movement, person)
    if found is None or (found.age_band == AgeBand.NOT_ASKED and found.date_of_birth is None):
        return None
    age = _decides_from(session, movement, person)
    young = younger_than(age, found.age_band, found.date_of_birth, days.today(session, movement))
    return None if young else _OLD_ENOUGH.format(age=age)


def _decides_from(session: Session, movement: str, person: str) -> int:
    """The age in years from which the person decides for themself."""
    ages = in_force(children.rules(session, movement))
    record = children.record(session, movement, person)
    programme = None if record is None else children.programme(session, movement, record.programme)
    if programme is None:
        return max(each.permission_under for each in ages.values())
    return ages[Jurisdiction(programme.jurisdiction)].permission_under
