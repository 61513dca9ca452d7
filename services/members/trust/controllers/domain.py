"""The verbs of controllers: an organisation is named the controller of something, and is it no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.programmes import store as programmes
from services.members.named import named, organisation_now
from services.members.trust.agreements import store as agreements
from services.members.trust.agreements.models import AgreementKind
from services.members.trust.controllers import store
from services.members.trust.controllers.models import (
    ControlledKind,
    Controller,
    JointAgreementNeeded,
    NamedAlready,
)
from services.members.trust.controllers.schemas import ControllerEnd, NewController, Unnamed
from services.members.trust.controllers.store import Chosen
from shared import clock, outbox
from shared.coverage import EVERY_KIND, DataClass
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.controllers import ControllerChanged, ControllerNamed
from shared.ids import new_id


def name(session: Session, movement: str, said: NewController) -> Controller:
    """Name the controller of something. Raises Invalid, NamedAlready and JointAgreementNeeded."""
    found = named(session, movement, organisations={"/organisation": said.organisation})
    faults = list(found.faults)
    kind, of = said.subject
    if kind is ControlledKind.PROGRAMME and programmes.find(session, movement, of) is None:
        faults.append(Fault("/programme", "is no programme of this movement", "unknown_programme"))
    if faults:
        raise Invalid(faults=faults)
    organisation = found.ids["/organisation"]
    starts_on = said.starts_on or days.today(session, movement)
    for other in store.from_day(session, movement, kind, of, starts_on):
        if other.organisation == organisation:
            raise NamedAlready(controller=other.id)
        _hold_jointly(session, movement, other, organisation, max(starts_on, other.starts_on))
    at = clock.now()
    controller = Controller(
        movement=movement, id=new_id("controller"), version=1, of_kind=kind, of=of, organisation=organisation,
        starts_on=starts_on, created_at=at, updated_at=at,
    )  # fmt: skip
    store.add(session, controller)
    outbox.record(session, _told_as(ControllerNamed, controller))
    return controller


def end(session: Session, movement: str, id: str, said: ControllerEnd, expected: int | None) -> Controller:
    """Let an organisation be the controller no more from a day on. Raises NotFound, ControllerEnded and Invalid."""
    controller = store.find(session, movement, id, locked=True)
    if controller is None:
        raise NotFound
    hold_to(controller.version, expected)
    on = said.on or days.today(session, movement)
    if on <= controller.starts_on:
        raise Invalid(faults=[Fault("/on", "is not after the day on which it starts", "before_start")])
    controller.end(on, clock.now())
    outbox.record(session, _told_as(ControllerChanged, controller))
    return controller


def read(session: Session, movement: str, id: str) -> Controller:
    """One controller. Raises NotFound."""
    found = store.find(session, movement, id)
    if found is None:
        raise NotFound
    return found


def list_controllers(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Controller]:
    """Controllers in the order in which they were named; of an organisation by any id that it ever had."""
    chosen = replace(chosen, organisation=organisation_now(session, movement, chosen.organisation))
    return store.list_controllers(session, movement, chosen=chosen, after=after, limit=limit)


def unnamed(session: Session, movement: str) -> Unnamed:
    """What has no controller today."""
    today = days.today(session, movement)
    controlled = store.controlled_on(session, movement, today)
    kinds = [] if EVERY_KIND in controlled else [kind for kind in DataClass if kind not in controlled]
    return Unnamed(on=today, record_kinds=kinds, programmes=list(store.programmes_without(session, movement, today)))


def _hold_jointly(session: Session, movement: str, other: Controller, organisation: str, on: date) -> None:
    """Raise JointAgreementNeeded unless both have signed, as joint controllers, what is in force on the day."""
    data_class = other.of if other.of_kind == ControlledKind.RECORD_KIND and other.of != EVERY_KIND else None
    both = {other.organisation, organisation}
    for agreement in agreements.in_force_of(session, movement, AgreementKind.JOINT_CONTROLLERS, on, data_class):
        if both <= {party.organisation for party in agreement.parties}:
            return
    raise JointAgreementNeeded(controller=other.id)


def _told_as(
    kind: type[ControllerNamed] | type[ControllerChanged], controller: Controller
) -> ControllerNamed | ControllerChanged:
    return kind(
        controller=controller.id,
        of_kind=controller.of_kind,
        of=controller.of,
        organisation=controller.organisation,
        starts_on=controller.starts_on,
        ended_on=controller.ended_on,
    )
