"""What is done with batches: made of approved payments, exported once, made again for a reason, or dissolved.

Rows are taken in the order batch, payment, award, and each of them in the order of their ids, so that no two
transactions wait for each other in a circle.
"""

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from services.grants.acting import Acting
from services.grants.awards import paying
from services.grants.batches import store
from services.grants.batches.layouts import BUILT_IN, Content, Layout, Line
from services.grants.batches.models import (
    BatchBroken,
    BatchExport,
    BatchState,
    FileChanged,
    Known,
    NothingToPay,
    PaymentBatch,
    Template,
    TemplateExists,
    payer_place,
)
from services.grants.batches.schemas import MadeFile, NewBatch, NewTemplate, Payer
from services.grants.days import today
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.funds import store as funds
from services.grants.payees.entering import opened
from services.grants.payees.models import Account, Payee
from services.grants.payments.models import DetailsGone, Payment, PaymentState
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import AppError, Fault, Invalid, NotFound
from shared.events.grants.payments import PaymentBatchExported, PaymentBatchExportedAgain, PaymentExported
from shared.ids import new_id
from shared.money import Money
from shared.secrets import Secrets

MOST_PAYMENTS = 2000
"""How many payments a batch takes by itself; the rest go into the next."""


def make(session: Session, movement: str, said: NewBatch, by: Acting, secrets: Secrets) -> Known:
    """Put approved payments into a batch: those named, all or none, or whatever can go out.

    Raises Invalid, NotDelegated, NothingToPay.
    """
    fund, layout = funds.find_fund(session, movement, said.fund), layout_of(session, movement, said.template)
    faults = [] if fund is not None else [Fault("/fund", "there is no such fund", "unknown_fund")]
    if layout is None:
        faults.append(Fault("/template", "there is no such layout", "unknown_template"))
    elif layout.needs_payer and said.payer is None:
        faults.append(Fault("/payer", "this layout says out of which account is paid", "missing"))
    if fund is None or layout is None or faults:
        raise Invalid(faults=faults)
    delegations.authorise(session, movement, by.principal, fund.id, Power.ADMINISTER)
    payments = _named(session, movement, said) if said.payments is not None else _payable(session, movement, fund.id)
    if not payments:
        raise NothingToPay("no approved payment of the fund is due and may go out")
    at, id_ = clock.now(), new_id("batch")
    payer = None
    if said.payer is not None:
        payer = secrets.seal(msgspec.json.encode(said.payer.model_dump()), bound_to=payer_place(movement, id_))
    batch = PaymentBatch(
        movement=movement, id=id_, fund_id=fund.id, currency=fund.currency, template=said.template,
        layout=layout.model_dump(mode="json"), payer=payer, state=BatchState.OPEN, made_by=by.user, made_at=at,
        updated_at=at,
    )  # fmt: skip
    store.add(session, batch)
    for payment in payments:
        payment.batch_id = id_
        payment.changed(at)
    return _known(session, batch)


def get_batch(session: Session, movement: str, batch_id: str) -> Known:
    """The batch with how its payments stand, or NotFound."""
    return _known(session, _present(store.find(session, movement, batch_id)))


def export(session: Session, movement: str, batch_id: str, by: Acting, secrets: Secrets) -> MadeFile:
    """Make the file for the bank, this once: each of its payments is as it was approved, and may go out now.

    Raises NotFound, AlreadyExported, IllegalTransition, NothingToPay, and BatchBroken with a fault a payment.
    """
    batch, at = held(session, movement, batch_id, by.principal), clock.now()
    payments = store.payments_of(session, movement, batch_id)
    into = store.paid_into(session, movement, batch_id)
    if batch.state == BatchState.OPEN:
        if not payments:
            raise NothingToPay("each of its payments was voided, or is a proposal again")
        refused = _refused(session, payments)
        for payment in payments:
            if (refusal := refused.get(payment.id) or _unbound(payment, *into[payment.id])) is not None:
                refused[payment.id] = refusal
        if refused:
            raise BatchBroken(faults=[Fault(f"/payments/{id_}", why.title, why.code) for id_, why in refused.items()])
    made = _file(session, batch, payments, secrets)
    batch.export(made.digest, at)
    _note(session, batch, by, None)
    for payment in payments:
        payment.export(at)
        outbox.record(session, PaymentExported(payment=payment.id, award=payment.award_id, batch=batch.id))
    exported = PaymentBatchExported(
        batch=batch.id, fund=batch.fund_id, payments=len(payments), amount_pence=sum(each.amount for each in payments),
        currency=batch.currency,
    )  # fmt: skip
    outbox.record(session, exported)
    return made


def export_again(session: Session, movement: str, batch_id: str, reason: str, by: Acting, secrets: Secrets) -> MadeFile:
    """Make the very same file another time, for a reason that is kept. Raises NotExported, DetailsGone, FileChanged."""
    batch = held(session, movement, batch_id, by.principal)
    batch.check_exported()
    made = _file(session, batch, store.payments_of(session, movement, batch_id), secrets)
    if made.digest != batch.digest:
        raise FileChanged("nothing is handed out that is not what the bank was given")
    _note(session, batch, by, reason)
    batch.updated_at = clock.now()
    outbox.record(session, PaymentBatchExportedAgain(batch=batch.id, fund=batch.fund_id))
    return made


def dissolve(session: Session, movement: str, batch_id: str, by: Acting) -> Known:
    """Let a batch not go to the bank: its payments stay approved, and may go into another. Raises NotFound."""
    batch, at = held(session, movement, batch_id, by.principal), clock.now()
    batch.dissolve(at)
    for payment in store.payments_of(session, movement, batch_id):
        payment.batch_id = None
        payment.changed(at)
    session.flush()
    return _known(session, batch)


def layout_of(session: Session, movement: str, slug: str) -> Layout | None:
    """A layout by its name: one of the house's, or the movement's own."""
    if (built_in := BUILT_IN.get(slug)) is not None:
        return built_in
    entered = store.template(session, movement, slug)
    return None if entered is None else Layout.model_validate(entered.layout)


def add_template(session: Session, movement: str, said: NewTemplate) -> Template:
    """Enter a bank's layout. Raises TemplateExists."""
    if layout_of(session, movement, said.slug) is not None:
        raise TemplateExists("give it another name")
    entered = Template(
        movement=movement, slug=said.slug, layout=said.layout.model_dump(mode="json"), made_at=clock.now()
    )
    store.add(session, entered)
    return entered


def _named(session: Session, movement: str, said: NewBatch) -> Sequence[Payment]:
    """The payments that were named, each of which can go into the batch. Raises Invalid, naming each that cannot."""
    asked = said.payments or []
    found, day = store.chosen(session, movement, asked), today(session, movement)
    refused = _refused(session, list(found.values()))
    faults = []
    for place, id_ in enumerate(asked):
        payment = found.get(id_)
        if payment is None or payment.fund_id != said.fund:
            faults.append(Fault(f"/payments/{place}", "is no payment of this fund", "unknown_payment"))
        elif payment.state != PaymentState.APPROVED or payment.batch_id is not None:
            reason = f"is {payment.state}" + ("" if payment.batch_id is None else ", and in a batch")
            faults.append(Fault(f"/payments/{place}", reason, "not_to_be_batched"))
        elif payment.due_on is not None and payment.due_on > day:
            faults.append(Fault(f"/payments/{place}", f"is due on {payment.due_on}", "not_due"))
        elif id_ in refused:
            faults.append(Fault(f"/payments/{place}", refused[id_].title, refused[id_].code))
    if faults:
        raise Invalid(faults=faults)
    return list(found.values())


def _payable(session: Session, movement: str, fund_id: str) -> Sequence[Payment]:
    ready = store.ready(session, movement, fund_id, today(session, movement), MOST_PAYMENTS)
    refused = _refused(session, ready)
    return [payment for payment in ready if payment.id not in refused]


def _refused(session: Session, payments: Sequence[Payment]) -> dict[str, AppError]:
    """What forbids paying which of these payments now; their awards are held, in the order of their ids."""
    refused: dict[str, AppError] = {}
    for payment in sorted(payments, key=lambda each: each.award_id):
        try:
            paying.payable(session, payment.movement, payment.award_id)
        except AppError as refusal:
            refused[payment.id] = refusal
    return refused


def _unbound(payment: Payment, payee: Payee, account: Account | None) -> AppError | None:
    """Why a payment is not what was approved, if it is not."""
    try:
        payment.check_bound(payee, account)
    except AppError as refusal:
        return refusal
    return None


def _file(session: Session, batch: PaymentBatch, payments: Sequence[Payment], secrets: Secrets) -> MadeFile:
    into = store.paid_into(session, batch.movement, batch.id)
    payer = None
    if batch.payer is not None:
        payer = Payer.model_validate_json(secrets.open(batch.payer, bound_to=payer_place(batch.movement, batch.id)))
    lines = [_line(payment, into[payment.id][1], payer, secrets) for payment in payments]
    layout = Layout.model_validate(batch.layout)
    content = layout.written(lines)
    return MadeFile(
        name=f"{batch.id}.{layout.ending}",
        media_type=layout.media_type,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
    )


def _line(payment: Payment, account: Account | None, payer: Payer | None, secrets: Secrets) -> Line:
    details = None if account is None else opened(account, secrets)
    if details is None:
        raise DetailsGone("the account of a payment of the batch was deleted", payment=payment.id)
    return {
        Content.PAYMENT: payment.id,
        Content.REFERENCE: payment.reference,
        Content.NAME_ON_ACCOUNT: details.name_on_account,
        Content.SORT_CODE: details.sort_code,
        Content.ACCOUNT_NUMBER: details.account_number,
        Content.AMOUNT: Money.of(payment.amount, payment.currency).amount,
        Content.PENCE: str(payment.amount),
        Content.CURRENCY: payment.currency,
        Content.PAYER_NAME: "" if payer is None else payer.name,
        Content.PAYER_SORT_CODE: "" if payer is None else payer.sort_code,
        Content.PAYER_ACCOUNT_NUMBER: "" if payer is None else payer.account_number,
    }


def _note(session: Session, batch: PaymentBatch, by: Acting, reason: str | None) -> None:
    number = store.export_count(session, batch.movement, batch.id) + 1
    made = BatchExport(
        movement=batch.movement, batch_id=batch.id, number=number, exported_by=by.user, exported_at=clock.now(),
        reason=reason,
    )  # fmt: skip
    store.add(session, made)


def _known(session: Session, batch: PaymentBatch) -> Known:
    session.flush()
    return store.known(session, batch.movement, [batch])[0]


def held(session: Session, movement: str, batch_id: str, principal: Principal) -> PaymentBatch:
    """The batch as it is now, held until the transaction ends, for who may administer its fund.

    Raises NotFound, NotDelegated.
    """
    batch = _present(store.for_change(session, movement, batch_id))
    delegations.authorise(session, movement, principal, batch.fund_id, Power.ADMINISTER)
    return batch


def _present(found: PaymentBatch | None) -> PaymentBatch:
    if found is None:
        raise NotFound("there is no such batch")
    return found
