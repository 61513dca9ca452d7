"""The ages that a movement goes by where, and which of its programmes may name children."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.programmes import store as programmes_store
from services.members.trust.children import store
from services.members.trust.children.models import ChildProgramme, ChildRule
from services.members.trust.children.rules import AT_FIRST, Ages
from services.members.trust.children.rules import in_force as ages_in_force
from services.members.trust.children.schemas import ChildProgrammeChanges, NewChildProgramme, RuleChanges
from services.members.trust.jurisdictions import Jurisdiction
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound


class MayAlready(Conflict):
    """The programme may name children, or might once; that is changed, not entered twice."""

    code = "programme_entered"
    title = "It is entered already that this programme may name children"


def in_force(session: Session, movement: str) -> Mapping[Jurisdiction, Ages]:
    """The ages that the movement goes by, asked once a transaction."""
    known: dict[str, Mapping[Jurisdiction, Ages]] = session.info.setdefault("child_ages", {})
    if movement not in known:
        known[movement] = ages_in_force(store.rules(session, movement))
    return known[movement]


def change_ages(session: Session, movement: str, where: Jurisdiction, said: RuleChanges, expected: int | None) -> Ages:
    """Go by other ages somewhere from now on. Raises PreconditionFailed and Invalid."""
    row = store.rule_for_change(session, movement, where)
    first = AT_FIRST[where]
    hold_to(0 if row is None else row.version, expected)
    if row is None:
        row = ChildRule(
            movement=movement,
            jurisdiction=where,
            child_under=first.child_under,
            permission_under=first.permission_under,
            review_days=first.review_days,
            version=0,
        )
    said.apply(row)
    if row.permission_under > row.child_under:
        raise Invalid(faults=[Fault("/permission_under", "is over the age of a child", "over_child_under")])
    row.version, row.updated_at = row.version + 1, clock.now()
    store.add(session, row)
    session.flush()
    session.info.pop("child_ages", None)
    return in_force(session, movement)[where]


def allow(session: Session, movement: str, said: NewChildProgramme) -> ChildProgramme:
    """Let a programme name children. Raises Invalid and MayAlready."""
    faults = []
    if programmes_store.find(session, movement, said.programme) is None:
        faults.append(Fault("/programme", "is no programme of this movement", "unknown_programme"))
    if said.review_on <= days.today(session, movement):
        faults.append(Fault("/review_on", "is not after today", "in_the_past"))
    if faults:
        raise Invalid(faults=faults)
    if store.programme(session, movement, said.programme) is not None:
        raise MayAlready
    row = ChildProgramme(
        movement=movement,
        programme=said.programme,
        jurisdiction=said.jurisdiction,
        impact_assessment=said.impact_assessment,
        review_on=said.review_on,
        ended_on=None,
        version=1,
        updated_at=clock.now(),
    )
    store.add(session, row)
    return row


def change(
    session: Session, movement: str, programme: str, said: ChildProgrammeChanges, expected: int | None
) -> ChildProgramme:
    """Change where it takes place or its impact assessment, or end that it may. Raises NotFound, PreconditionFailed."""
    row = store.programme(session, movement, programme, locked=True)
    if row is None:
        raise NotFound
    hold_to(row.version, expected)
    said.apply(row)
    row.changed(clock.now())
    return row


def list_programmes(session: Session, movement: str, *, after: After, limit: int) -> Sequence[ChildProgramme]:
    """The programmes that may, or might once, name children."""
    return store.programmes(session, movement, after=after, limit=limit)
