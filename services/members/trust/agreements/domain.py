"""The verbs of agreements: signed, changed, reviewed, ended; and whether one stands behind what leaves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.named import named, organisation_now
from services.members.trust.agreements import store
from services.members.trust.agreements.models import Agreement, AgreementKind, Standing, TermKind
from services.members.trust.agreements.schemas import AgreementChanges, NewAgreement, NewEnd, NewReview
from services.members.trust.agreements.store import Chosen
from services.members.trust.controllers import store as controllers
from shared import clock, outbox
from shared.coverage import Coverage, DataClass, coverage, refusal
from shared.db.session import seen_by
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.base import Event
from shared.events.members.agreements import AgreementChanged, AgreementSigned
from shared.ids import new_id


def covered(
    session: Session, movement: str, organisation: str, data_class: DataClass, purpose: str | None, at: datetime
) -> Coverage:
    """Whether a class of personal data may leave for an organisation, for a purpose (None: for any), at a moment.

    The one answer that exports, connections and delegations go by; it says why, and which agreement. The day is
    reckoned where the movement is. An organisation that was merged is asked for by any id that it ever had.
    """
    on = at.astimezone(ZoneInfo(days.zone(session, movement))).date()
    now_known_as = organisation_now(session, movement, organisation) or organisation
    terms = store.terms(session, movement, now_known_as, data_class)
    return coverage(terms, controllers.controls(session, movement, now_known_as), data_class, purpose, on)


def refuse_uncovered(session: Session, movement: str, data_class: DataClass, purpose: str) -> None:
    """Raise NotCovered where the answer is made for an organisation that may not have this class for that purpose."""
    organisation = seen_by(session)
    if organisation is None:
        return
    answer = covered(session, movement, organisation, data_class, purpose, clock.now())
    if not answer:
        raise refusal(data_class, answer)


def sign(session: Session, movement: str, said: NewAgreement) -> Standing:
    """Enter an agreement that was signed. Raises Invalid, naming every fault."""
    today = days.today(session, movement)
    starts_on = said.starts_on or said.signed_on
    found = named(
        session, movement, organisations={f"/parties/{number}": party for number, party in enumerate(said.parties)}
    )
    parties = sorted(set(found.ids.values()))
    faults = found.faults + _faults_in_days(starts_on, said.review_on, said.ends_on)
    if said.signed_on > today:
        faults.append(Fault("/signed_on", "is in the future", "in_the_future"))
    if said.kind is AgreementKind.JOINT_CONTROLLERS and not found.faults and len(parties) < 2:
        faults.append(Fault("/parties", "joint controllers are at least two", "too_few_parties"))
    if faults:
        raise Invalid(faults=faults)
    at = clock.now()
    agreement = Agreement(
        movement=movement, id=new_id("agreement"), version=1, kind=said.kind, reference=said.reference,
        basis=said.basis, signed_on=said.signed_on, starts_on=starts_on, created_at=at, updated_at=at,
    )  # fmt: skip
    agreement.run_until(said.review_on, said.ends_on)
    store.add(session, agreement, parties)
    store.put_terms(session, movement, agreement.id, TermKind.PURPOSE, said.purposes)
    store.put_terms(session, movement, agreement.id, TermKind.DATA_CLASS, said.data_classes)
    made = read(session, movement, agreement.id)
    outbox.record(session, _told_as(AgreementSigned, made.agreement))
    return made


def change(session: Session, movement: str, id: str, said: AgreementChanges, expected: int | None) -> Standing:
    """Change what is sent. Raises NotFound, PreconditionFailed, AgreementOver and Invalid."""
    agreement = _live(session, movement, id, expected)
    said.apply(agreement, "basis", "reference")
    if said.purposes is not None:
        store.put_terms(session, movement, id, TermKind.PURPOSE, said.purposes)
    if said.data_classes is not None:
        store.put_terms(session, movement, id, TermKind.DATA_CLASS, said.data_classes)
    if "ends_on" in said.model_fields_set:
        if faults := _faults_in_days(agreement.starts_on, agreement.review_on, said.ends_on):
            raise Invalid(faults=faults)
        agreement.run_until(agreement.review_on, said.ends_on)
    return _changed(session, movement, agreement)


def review(session: Session, movement: str, id: str, said: NewReview, expected: int | None) -> Standing:
    """Note that an agreement was reviewed: it holds on until the next review, or its end. One whose review was overdue
    holds again. Raises NotFound, PreconditionFailed, AgreementOver and Invalid."""
    agreement = _live(session, movement, id, expected)
    if said.review_on <= days.today(session, movement):
        raise Invalid(faults=[Fault("/review_on", "is not in the future", "not_in_the_future")])
    agreement.run_until(said.review_on, agreement.ends_on)
    return _changed(session, movement, agreement)


def end(session: Session, movement: str, id: str, said: NewEnd, expected: int | None) -> Standing:
    """End an agreement from a day on; what it covered stops then. Raises NotFound, AgreementOver and Invalid."""
    agreement = _live(session, movement, id, expected)
    today = days.today(session, movement)
    on = said.on or today
    if on < today:
        raise Invalid(faults=[Fault("/on", "is in the past", "in_the_past")])
    if on <= agreement.starts_on:
        raise Invalid(faults=[Fault("/on", "is not after the day on which it starts", "before_start")])
    agreement.run_until(agreement.review_on, on)
    agreement.ended_why = said.why
    return _changed(session, movement, agreement)


def read(session: Session, movement: str, id: str) -> Standing:
    """One agreement. Raises NotFound."""
    session.flush()
    return _standing(_found(store.find(session, movement, id)), days.today(session, movement))


def list_agreements(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Standing]:
    """Agreements in the order in which they were entered; of an organisation by any id that it ever had."""
    chosen = replace(chosen, party=organisation_now(session, movement, chosen.party))
    rows = store.list_agreements(session, movement, chosen=chosen, after=after, limit=limit)
    return [_standing(row, chosen.today) for row in rows]


def _faults_in_days(starts_on: date, review_on: date, ends_on: date | None) -> list[Fault]:
    faults = []
    if ends_on is not None and ends_on <= starts_on:
        faults.append(Fault("/ends_on", "is not after the day on which it starts", "before_start"))
    if review_on <= starts_on:
        faults.append(Fault("/review_on", "is not after the day on which it starts", "before_start"))
    return faults


def _changed(session: Session, movement: str, agreement: Agreement) -> Standing:
    agreement.changed(clock.now())
    now = read(session, movement, agreement.id)
    outbox.record(session, _told_as(AgreementChanged, now.agreement))
    return now


def _told_as(kind: type[AgreementSigned] | type[AgreementChanged], agreement: Agreement) -> Event:
    return kind(
        agreement=agreement.id,
        kind=agreement.kind,
        parties=[party.organisation for party in agreement.parties],
        purposes=agreement.about(TermKind.PURPOSE),
        data_classes=agreement.about(TermKind.DATA_CLASS),
        starts_on=agreement.starts_on,
        expires_on=agreement.expires_on,
    )


def _standing(agreement: Agreement, today: date) -> Standing:
    return Standing(agreement, agreement.state_on(today))


def _live(session: Session, movement: str, id: str, expected: int | None) -> Agreement:
    """The agreement, locked, at the version that the caller read. Raises AgreementOver where it has ended."""
    agreement = _found(store.find(session, movement, id, locked=True))
    hold_to(agreement.version, expected)
    agreement.check_live(days.today(session, movement))
    return agreement


def _found(agreement: Agreement | None) -> Agreement:
    if agreement is None:
        raise NotFound
    return agreement
