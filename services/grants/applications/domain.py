"""What is done with applications: submitted to a round that takes them, declined for a reason, withdrawn."""

from sqlalchemy.orm import Session

from services.grants.applications import store
from services.grants.applications.models import Application, ApplicationState
from services.grants.rounds import store as rounds
from shared import clock, outbox
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.grants.applications import ApplicationEnded, ApplicationSubmitted
from shared.ids import new_id
from shared.money import Money


def submit_application(
    session: Session,
    movement: str,
    *,
    round_id: str,
    group_name: str,
    summary: str,
    amount: Money,
    place: str | None,
) -> Application:
    """Submit a group's application. The round must be open at this instant and the amount within its limits."""
    asked_of = rounds.find(session, movement, round_id)
    if asked_of is None:
        raise NotFound("there is no such round", faults=[Fault("/round", "there is no such round", "not_found")])
    now = clock.now()
    asked_of.check_applications(now)
    if faults := asked_of.amount_faults(amount):
        raise Invalid(faults=faults)
    application = Application(
        movement=movement,
        id=new_id("app"),
        round_id=round_id,
        group_name=group_name,
        summary=summary,
        amount=amount.pence,
        currency=amount.currency,
        place=place,
        state=ApplicationState.SUBMITTED,
        submitted_at=now,
    )
    session.add(application)
    submitted = ApplicationSubmitted(
        application=application.id, round=round_id, amount_pence=amount.pence, currency=amount.currency
    )
    outbox.record(session, submitted)
    return application


def get_application(session: Session, movement: str, application_id: str) -> Application:
    """The application, or NotFound."""
    return _present(store.find(session, movement, application_id))


def decline_application(session: Session, movement: str, application_id: str, reason: str) -> Application:
    """Say no, for a reason the group is told."""
    application = _present(store.for_change(session, movement, application_id))
    application.decline(reason)
    outbox.record(session, ApplicationEnded(application=application.id, outcome=application.state))
    return application


def withdraw_application(session: Session, movement: str, application_id: str) -> Application:
    """The group takes its application back, which it may until an award is offered."""
    application = _present(store.for_change(session, movement, application_id))
    application.withdraw()
    outbox.record(session, ApplicationEnded(application=application.id, outcome=application.state))
    return application


def mark_awarded(session: Session, movement: str, application_id: str) -> str:
    """Take the application for an award and answer its round's id.

    Raises NotFound, :class:`AlreadyAwarded` where an award of it is live, :class:`IllegalTransition` where it was
    declined or withdrawn.
    """
    round_id = store.mark_awarded(session, movement, application_id)
    if round_id is not None:
        return round_id
    application = store.find(session, movement, application_id)
    if application is None:
        fault = Fault("/application", "there is no such application", "not_found")
        raise NotFound("there is no such application", faults=[fault])
    application.award()
    raise Conflict("the application changed at this moment; try again")


def return_to_submitted(session: Session, movement: str, application_id: str) -> None:
    """Its award ended unaccepted: it stands as it was submitted and may be offered one again."""
    _present(store.for_change(session, movement, application_id)).return_to_submitted()


def _present(found: Application | None) -> Application:
    if found is None:
        raise NotFound("there is no such application")
    return found
