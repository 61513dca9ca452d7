"""What is done with applications: submitted to a round that takes them, and answered one way or another."""

from sqlalchemy.orm import Session

from services.grants.applications import store
from services.grants.applications.content import content_faults, name_key, summary_of
from services.grants.applications.eligibility import Standing, findings
from services.grants.applications.models import Application, ApplicationContact, ApplicationState, HostState
from services.grants.applications.receipts import digest_of, number_of, submitted
from services.grants.applications.schemas import Contact, NewApplication
from services.grants.forms import store as forms
from services.grants.forms.models import FormVersion
from services.grants.places import store as places
from services.grants.places.nesting import areas_of
from services.grants.rounds import store as rounds
from services.grants.rounds.models import Round
from shared import clock, outbox
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.grants.applications import (
    ApplicationEnded,
    ApplicationReserved,
    ApplicationSubmitted,
)
from shared.ids import new_id


def submit_application(
    session: Session, movement: str, said: NewApplication, by: str, application_id: str | None = None
) -> Application:
    """Submit a group's application, perhaps that of a draft. ``by`` is who sends it.

    The round must be open at this instant and the amount within its limits. Raises Invalid with every fault.
    """
    asked_of = round_of(session, movement, said.round_id)
    now = clock.now()
    asked_of.check_applications(now)
    form = form_of(session, asked_of)
    if faults := content_faults(said, asked_of, form, now):
        raise Invalid(faults=faults)
    application = _written(asked_of, form, said, by, application_id or new_id("app"))
    places.note(session, movement, [] if said.place is None else [said.place])
    application.to_screen = not _plainly_eligible(session, asked_of, application)
    application.digest = digest_of(submitted(application))
    session.add(application)
    if said.contact is not None:
        keep_contact(session, movement, application.id, said.contact)
    event = ApplicationSubmitted(
        application=application.id,
        round=asked_of.id,
        amount_pence=application.amount,
        currency=application.currency,
    )
    outbox.record(session, event)
    return application


def look_again(session: Session, movement: str, place: str) -> None:
    """It was learnt in what a place lies: what was submitted from there and waits may plainly meet the rules now."""
    for application in store.to_be_screened(session, movement, place):
        asked_of = round_of(session, movement, application.round_id)
        application.to_screen = not _plainly_eligible(session, asked_of, application)


def round_of(session: Session, movement: str, round_id: str) -> Round:
    """The round that a group asks. Raises NotFound, with the pointer."""
    asked_of = rounds.find(session, movement, round_id)
    if asked_of is None:
        raise NotFound("there is no such round", faults=[Fault("/round", "there is no such round", "not_found")])
    return asked_of


def form_of(session: Session, asked_of: Round) -> FormVersion | None:
    """What the round asks beside the one question; None where it asks no more."""
    if asked_of.form_version is None:
        return None
    return forms.find_version(session, asked_of.movement, asked_of.form_version)


def keep_contact(session: Session, movement: str, application_id: str, contact: Contact) -> None:
    """Keep whom to reach, in place of whoever it was."""
    kept = ApplicationContact(
        movement=movement, application=application_id, **contact.model_dump(), updated_at=clock.now()
    )
    session.merge(kept)


def get_application(session: Session, movement: str, application_id: str) -> Application:
    """The application, or NotFound."""
    return present(store.find(session, movement, application_id))


def get_contact(session: Session, movement: str, application_id: str) -> ApplicationContact:
    """Whom to reach about it. Raises NotFound where nobody is named, or is any more."""
    get_application(session, movement, application_id)
    contact = store.find_contact(session, movement, application_id)
    if contact is None:
        raise NotFound("nobody is named to be reached about it")
    return contact


def change_contact(session: Session, movement: str, application_id: str, contact: Contact) -> None:
    """Name whom to reach about an application that there is. Raises NotFound."""
    get_application(session, movement, application_id)
    keep_contact(session, movement, application_id, contact)


def reserve_application(session: Session, movement: str, application_id: str) -> Application:
    """Put it on the reserve list: it is awarded if money comes free."""
    application = for_change(session, movement, application_id)
    application.reserve()
    application.updated_at = clock.now()
    outbox.record(session, ApplicationReserved(application=application.id))
    return application


def decline_application(
    session: Session, movement: str, application_id: str, reason: str, help_offered: str
) -> Application:
    """Say no, for a reason the group is told, with one offer of help."""
    application = for_change(session, movement, application_id)
    application.decline(reason, help_offered)
    return ended(session, application)


def withdraw_application(session: Session, movement: str, application_id: str) -> Application:
    """The group takes its application back, which it may until an award is offered."""
    application = for_change(session, movement, application_id)
    application.withdraw()
    return ended(session, application)


def ended(session: Session, application: Application) -> Application:
    """Tell that nothing is awarded to it any more."""
    application.updated_at = clock.now()
    outbox.record(session, ApplicationEnded(application=application.id, outcome=application.state))
    return application


def mark_awarded(session: Session, movement: str, application_id: str) -> store.Taken:
    """Take the application for an award and answer its round, and the organisation that its group is.

    Raises NotFound, :class:`AlreadyAwarded` where an award of it is live, :class:`IllegalTransition` where it has its
    answer, :class:`NotScreened` and :class:`HostNotAgreed` where that is to come first.
    """
    taken = store.mark_awarded(session, movement, application_id, clock.now())
    if taken is not None:
        return taken
    application = store.find(session, movement, application_id)
    if application is None:
        fault = Fault("/application", "there is no such application", "not_found")
        raise NotFound("there is no such application", faults=[fault])
    application.check_award()
    raise Conflict("the application changed at this moment; try again")


def stand_again(session: Session, movement: str, application_id: str) -> None:
    """Its award ended: it stands where it stood before, and may be offered one again."""
    application = for_change(session, movement, application_id)
    application.stand_again()
    application.updated_at = clock.now()


def for_change(session: Session, movement: str, application_id: str) -> Application:
    """The application as it is now, locked. Raises NotFound."""
    return present(store.for_change(session, movement, application_id))


def present(found: Application | None) -> Application:
    """The application that was looked for. Raises NotFound."""
    if found is None:
        raise NotFound("there is no such application")
    return found


def _written(
    asked_of: Round, form: FormVersion | None, said: NewApplication, by: str, application_id: str
) -> Application:
    now, host, telephone = clock.now(), said.host, said.telephone
    return Application(
        movement=asked_of.movement,
        id=application_id,
        round_id=asked_of.id,
        group_name=said.group_name,
        name_key=name_key(said.group_name),
        summary=summary_of(said, form),
        amount=said.amount.pence,
        currency=said.amount.currency,
        place=said.place,
        theme=said.theme,
        group_kind=said.group_kind,
        organisation=said.organisation,
        form_version=asked_of.form_version,
        answers=dict(said.answers),
        has_account=said.has_account,
        host_organisation=host and host.organisation,
        host_name=host and host.name,
        host_state=host and HostState.ASKED,
        taken_by=telephone and by,
        taken_at=telephone and telephone.taken_at,
        number=number_of(application_id),
        state=ApplicationState.SUBMITTED,
        submitted_at=now,
        updated_at=now,
    )


def _plainly_eligible(session: Session, asked_of: Round, application: Application) -> bool:
    areas = areas_of(session, application.movement, application.place)
    found = findings(asked_of.eligibility, areas=areas, kind=application.group_kind, theme=application.theme)
    return all(finding.standing == Standing.MET for finding in found)
