"""What is done with agreements: texts published, a page made for an award, and accepted by its group."""

import hmac
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.agreements import store, wording
from services.grants.agreements.models import (
    Agreement,
    AgreementMissing,
    AgreementState,
    AgreementText,
    NothingToAgree,
    Signatory,
    Way,
)
from services.grants.awards import domain as awards
from services.grants.awards.facts import facts_of
from services.grants.awards.models import Award, AwardState
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.agreements import AgreementAccepted, AgreementMade
from shared.ids import new_id

_AGREES = (AwardState.OFFERED, AwardState.ACCEPTED, AwardState.ACTIVE)


class Signed(NamedTuple):
    """An agreement, and the name by which it was accepted."""

    agreement: Agreement
    name: str | None


def publish_text(session: Session, movement: str, text: str, by: str) -> AgreementText:
    """Publish the text that agreements are made of from now on; those that are made already stay as they are."""
    unknown, lacking = wording.strange(text)
    faults = [Fault("/text", f"nothing can be filled in for {{{name}}}", "unknown_place") for name in sorted(unknown)]
    faults += [Fault("/text", f"does not say {{{name}}}", "missing_place") for name in sorted(lacking)]
    if faults:
        raise Invalid(faults=faults)
    before = store.newest_text(session, movement)
    number = 1 if before is None else before.number + 1
    published = AgreementText(movement=movement, number=number, text=text, published_by=by, published_at=clock.now())
    session.add(published)
    return published


def make_agreement(session: Session, movement: str, award_id: str, secret: str, pepper: bytes) -> Signed:
    """Make the page of an award as it stands; one that is open still is replaced, so only the newest link leads on.

    Raises Invalid (`unknown_award`), and :class:`NothingToAgree` where these terms are accepted, or the award ended.
    """
    try:
        award = awards.for_change(session, movement, award_id)
    except NotFound:
        raise Invalid(faults=[Fault("/award", "there is no such award", "unknown_award")]) from None
    if award.state not in _AGREES:
        raise NothingToAgree(f"the award is {award.state}")
    before = store.standing(session, movement, award_id)
    if before is not None and before.state == AgreementState.ACCEPTED and before.terms == award.terms:
        raise NothingToAgree("it is accepted as the award stands now")
    if before is not None and before.state == AgreementState.OPEN:
        before.replace()
        session.flush()  # only one of these terms stands
    text = store.newest_text(session, movement)
    words = wording.page(wording.USUAL if text is None else text.text, facts_of(session, award))
    made = Agreement(
        movement=movement,
        id=new_id("grantagreement"),
        award_id=award_id,
        terms=award.terms,
        text_number=0 if text is None else text.number,
        words=words,
        digest=wording.digest(words),
        link_digest=_digest(pepper, secret),
        state=AgreementState.OPEN,
        made_at=clock.now(),
    )
    session.add(made)
    outbox.record(session, AgreementMade(agreement=made.id, award=award_id))
    return Signed(made, None)


def get_agreement(session: Session, movement: str, agreement_id: str) -> Signed:
    """The agreement and the name by which it was accepted, or NotFound."""
    found = store.find(session, movement, agreement_id)
    if found is None:
        raise NotFound("there is no such agreement")
    return Signed(found, store.signatory(session, movement, agreement_id))


def led_by(session: Session, movement: str, secret: str, pepper: bytes) -> Agreement:
    """The agreement to which a link leads, or NotFound."""
    found = store.by_link(session, movement, _digest(pepper, secret))
    if found is None:
        raise NotFound("there is no such agreement")
    return found


def accept_recorded(
    session: Session, movement: str, agreement_id: str, way: Way, name: str, evidence: str, by: str
) -> Signed:
    """Note that somebody of the group signed the page, or accepted it in a recorded call; ``by`` is who notes it."""
    found, _ = get_agreement(session, movement, agreement_id)
    return _accept(session, found, way, name, recorded_by=by, evidence=evidence)


def accept_by_click(session: Session, movement: str, secret: str, pepper: bytes, name: str) -> Signed:
    """Somebody of the group accepts the page that they have before them."""
    return _accept(session, led_by(session, movement, secret, pepper), Way.CLICK, name)


def refuse_unagreed(session: Session, award: Award) -> None:
    """Raise :class:`AgreementMissing` where the group has not accepted the award as it stands now."""
    if not store.is_accepted(session, award.movement, award.id, award.terms):
        raise AgreementMissing("the group accepts it first")


def _accept(
    session: Session,
    found: Agreement,
    way: Way,
    name: str,
    *,
    recorded_by: str | None = None,
    evidence: str | None = None,
) -> Signed:
    """Accept a page; whoever accepts the page of an offer accepts the offer. The award is taken first, as always."""
    award = awards.for_change(session, found.movement, found.award_id)
    agreement = store.for_change(session, found.movement, found.id)
    if agreement is None:
        raise NotFound("there is no such agreement")
    if agreement.state == AgreementState.OPEN and agreement.terms != award.terms:
        raise NothingToAgree("the award was amended since: it needs a new page")
    if award.state not in _AGREES:
        raise NothingToAgree(f"the award is {award.state}")
    agreement.accept(way, clock.now(), recorded_by=recorded_by, evidence=evidence)
    session.add(Signatory(movement=agreement.movement, agreement_id=agreement.id, name=name))
    outbox.record(session, AgreementAccepted(agreement=agreement.id, award=agreement.award_id, way=way))
    if award.state == AwardState.OFFERED:
        awards.take_acceptance(session, award)
    return Signed(agreement, name)


def _digest(pepper: bytes, secret: str) -> str:
    return hmac.digest(pepper, f"award agreement\n{secret}".encode(), sha256).hex()
