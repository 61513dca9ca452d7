"""What is done before an application is weighed: it is held to the rules of its round, and its host agrees."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.applications import store
from services.grants.applications.domain import ended, for_change, get_application, round_of
from services.grants.applications.eligibility import Finding, Rule, findings, unmet
from services.grants.applications.models import Application, HostState
from services.grants.applications.schemas import Screening
from services.grants.delegations import domain as delegations
from services.grants.places.nesting import areas_of
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Conflict, Fault, Forbidden, Invalid
from shared.events.grants.applications import ApplicationAssessed, ApplicationScreened, HostAnswered
from shared.partners import answering as partners


class RuleUnmet(Conflict):
    """A rule is plainly not met, or another application is of the same group: taking it all the same needs a reason."""

    code = "rule_unmet"
    title = "The round does not seem to be for this group"


class NotTheHost(Forbidden):
    """Only the accountable body itself agrees to hold the money."""

    code = "not_the_host"
    title = "The accountable body answers for itself"


class Screened(NamedTuple):
    """How an application stands to each rule of its round, and which others of it seem to be of the same group."""

    found: Sequence[Finding]
    alike: Sequence[str]


def look_at(session: Session, movement: str, application_id: str) -> Screened:
    """What a person needs to know to say whether the round is for this group."""
    application = get_application(session, movement, application_id)
    return Screened(_findings(session, application), store.alike(session, application))


def screen(session: Session, movement: str, application_id: str, said: Screening, by: str) -> Application:
    """Say whether the round is for this group. Raises RuleUnmet where it plainly is not, and no reason is given."""
    _check(said)
    application = for_change(session, movement, application_id)
    if not said.eligible:
        application.find_ineligible(by, str(said.rule), str(said.reason))
        return ended(session, application)
    against = [rule.value for rule in unmet(_findings(session, application))]
    if store.alike(session, application):
        against.append(Rule.DUPLICATE.value)
    if against and said.despite is None:
        raise RuleUnmet("say why it is taken all the same", rules=", ".join(against))
    application.screen(by, said.despite)
    application.updated_at = clock.now()
    outbox.record(session, ApplicationScreened(application=application.id))
    return application


def assess(session: Session, movement: str, application_id: str) -> Application:
    """Begin to weigh it."""
    application = for_change(session, movement, application_id)
    application.assess()
    application.updated_at = clock.now()
    outbox.record(session, ApplicationAssessed(application=application.id))
    return application


def answer_as_host(
    session: Session, movement: str, application_id: str, *, agrees: bool, principal: Principal, by: str
) -> Application:
    """Note whether the accountable body will hold the money. One that is among the organisations says so itself."""
    application = for_change(session, movement, application_id)
    host = application.host_organisation
    if host is not None:
        host = partners.present_ids(session, movement)(host)
        if host != delegations.acting_for(session, movement, principal):
            raise NotTheHost
    now = clock.now()
    application.answer_as_host(HostState.AGREED if agrees else HostState.REFUSED, by, now)
    application.updated_at = now
    outbox.record(session, HostAnswered(application=application.id, agreed=agrees))
    return application


def _findings(session: Session, application: Application) -> list[Finding]:
    rules = round_of(session, application.movement, application.round_id).eligibility
    areas = areas_of(session, application.movement, application.place)
    return findings(rules, areas=areas, kind=application.group_kind, theme=application.theme)


def _check(said: Screening) -> None:
    """An application that is not eligible is told by which rule and why; one that is has neither."""
    faults = []
    for field, value in (("rule", said.rule), ("reason", said.reason)):
        if not said.eligible and value is None:
            faults.append(Fault(f"/{field}", "is needed where it is not eligible", "missing"))
        elif said.eligible and value is not None:
            faults.append(Fault(f"/{field}", "is for what is not eligible", "not_ineligible"))
    if faults:
        raise Invalid(faults=faults)
