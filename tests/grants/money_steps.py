"""What the money machine does and sees beside the verbs: steps that take several, the sums and the books."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.agreements import domain as agreements
from services.grants.agreements.domain import Signed
from services.grants.agreements.models import Way
from services.grants.applications.schemas import NewApplication
from services.grants.awards import paying
from services.grants.awards.models import Award
from services.grants.funds.models import Contribution, Fund
from services.grants.ledger import export, postings, reading
from services.grants.repayments import domain as repayments
from services.grants.rounds.models import Round
from shared import clock
from shared.db import Database
from shared.ids import new_id
from shared.money import Money
from tests.grants import money_model as model

Sums = dict[str, tuple[int, ...]]


async def written(database: Database, movement: str) -> str:
    """The books of a movement, as its export writes them."""
    return b"".join([piece async for piece in export.beancount(database, movement)]).decode()


def books(session: Session, movement: str) -> tuple[dict[str, int], int]:
    """What each account comes to, which a replay of every line says too; and what groups are owed."""
    assert reading.replay(session, movement).differences == []
    held = {each.account: each.pence for each in reading.trial_balance(session, movement, fund=None, as_of=None)}
    owed = sa.select(sa.func.coalesce(sa.func.sum(Award.committed - Award.paid), 0))
    return held, int(session.execute(owed.where(Award.movement == movement, Award.state != "offered")).scalar_one())


def agreed(session: Session, movement: str, award: str) -> Signed:
    """The group accepts the page of an award, and with it the award where it is on offer."""
    made = agreements.make_agreement(session, movement, award, new_id("secret"), b"pepper")
    session.flush()
    return agreements.accept_recorded(session, movement, made.agreement.id, Way.CALL, "Them", "Recording 1", "user_1")


def paid(session: Session, movement: str, fund: str, award: str, payment: str, pence: int) -> str:
    """The steps by which a payment goes out; that it takes four eyes is shown by the tests of payments."""
    paying.begin_payment(session, movement, award, pence)
    paying.note_paid(session, movement, award, pence)
    return postings.payment_paid(session, movement, fund, award, payment, pence, clock.now().date())


def sent_back(session: Session, movement: str, award: str, payment: str, pence: int) -> str:
    """The steps by which the bank's returning of a payment is noted."""
    reversed_by = postings.payment_returned(session, movement, payment, clock.now().date(), "returned")
    held = paying.end_payment(session, movement, award, pence, was_paid=True)
    repayments.come_back(session, held, payment)
    return reversed_by


def asking(chosen: model.Round, amount: int) -> NewApplication:
    """An application to a round, for so many pence."""
    asked = {"round": chosen.id, "amount": Money.of(amount, "GBP"), "group_name": "Walkers", "summary": "Walks"}
    return NewApplication.model_validate(asked)


def sums(session: Session, movement: str) -> tuple[Sums, Sums]:
    """The totals that are kept, and the same added up from the rows that they are totals of."""
    drafted = session.scalars(sa.select(Round).where(Round.movement == movement)).all()
    cleared = session.execute(
        sa.select(Contribution.fund_id, sa.func.sum(Contribution.cleared))
        .where(Contribution.movement == movement)
        .group_by(Contribution.fund_id)
    )
    live = session.execute(
        sa.select(Award.round_id, sa.func.sum(Award.committed))
        .where(Award.movement == movement)
        .group_by(Award.round_id)
    )
    arrived, held = {fund: int(pence) for fund, pence in cleared}, {chosen: int(pence) for chosen, pence in live}
    kept: Sums = {each.id: (each.committed,) for each in drafted}
    replayed: Sums = {each.id: (held.get(each.id, 0),) for each in drafted}
    for fund in session.scalars(sa.select(Fund).where(Fund.movement == movement)):
        ours = [each for each in drafted if each.fund_id == fund.id]
        reserved = sum(each.budget if each.state in model.HOLDING else held.get(each.id, 0) for each in ours)
        kept[fund.id] = (fund.cleared, fund.reserved)
        replayed[fund.id] = (arrived.get(fund.id, 0), reserved)
    return kept, replayed
