"""Four eyes: whatever two or three people enter, verify, propose, change and approve, nobody moves money alone.

Hypothesis chooses who does what, and in which order, by the verbs on a database. Each sequence is one transaction that
is undone at its end, so all of them begin with the same payment of the same award.
"""

import asyncio

from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.grants.acting import Acting
from services.grants.payees import domain as payees
from services.grants.payees.entering import Entering
from services.grants.payees.schemas import BankDetails, PayeeChanges
from services.grants.payments import domain as payments
from services.grants.payments.models import PaymentState
from services.grants.payments.schemas import PaymentChanges
from shared.auth import Principal
from shared.errors import AppError
from shared.ids import new_id
from shared.money import Money
from shared.parts import Parts
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import DETAILS, Caller
from tests.plugins.parts import scale

Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["enter", "rename", "verify", "change", "approve", "approve"]),
        st.integers(0, 2),
        st.integers(1, 3),
    ),
    min_size=4,
    max_size=24,
)


class Undone(Exception):
    """Ends a sequence, so that the next one begins where it began."""


class Story:
    """One sequence: what the service does, and beside it who said which amount and which account last."""

    def __init__(self, session: Session, movement: str, first: Json, parts: Parts) -> None:
        self.session, self.movement, self.first, self.parts = session, movement, first, parts
        self.people = [first["proposed_by"], *(new_id("user") for _ in range(2))]
        self.amount = self.account = (self.people[0], 0)
        self.sure_of: str | None = self.people[0]
        self.approved: tuple[str, tuple[str, int], tuple[str, int]] | None = None

    def take(self, step: Step) -> None:
        """Let somebody do something; what the service refuses changes nothing."""
        kind, person, said = step
        user = self.people[person]
        by = Acting(user, Principal(new_id("session"), self.movement, frozenset("*"), user=user))
        try:
            getattr(self, kind)(by, said)
        except AppError:
            return

    def enter(self, by: Acting, said: int) -> None:
        details = BankDetails.model_validate(DETAILS | {"account_number": f"1234567{said}"})
        entering = Entering(by, self.parts.secrets, None)
        payees.enter_account(self.session, self.movement, self.first["payee"], details, None, entering)
        self.account, self.sure_of, self.approved = (by.user, said), None, None

    def rename(self, by: Acting, said: int) -> None:
        payees.change_payee(
            self.session, self.movement, self.first["payee"], PayeeChanges(name=f"Knitters {said}"), None, by
        )
        self.approved = None

    def verify(self, by: Acting, said: int) -> None:
        payees.verify_account(self.session, self.movement, self.first["payee"], f"form {said}", None, by)
        self.sure_of = by.user

    def change(self, by: Acting, said: int) -> None:
        changes = PaymentChanges(amount=Money.of(said * 100_00, "GBP"))
        payments.change(self.session, self.movement, self.first["id"], changes, None, by)
        self.amount, self.approved = (by.user, said), None

    def approve(self, by: Acting, said: int) -> None:
        payments.approve(self.session, self.movement, self.first["id"], None, by)
        self.approved = (by.user, self.amount, self.account)

    def check(self) -> None:
        """What can go to the bank is what the approver saw, and neither its amount nor its account are theirs."""
        payment = payments.get_payment(self.session, self.movement, self.first["id"])
        assert (payment.state == PaymentState.APPROVED) == (self.approved is not None)
        if self.approved is not None:
            approver, amount, account = self.approved
            assert (amount, account) == (self.amount, self.account)
            assert approver not in (amount[0], account[0])
            assert self.sure_of is not None
            payee, entered = payees.get_payee(self.session, self.movement, self.first["payee"])
            payment.check_bound(payee, entered)


@ON_ONE_DATABASE
async def test_no_sequence_of_edits_and_approvals_lets_one_person_move_money(app: FastAPI, grants: Caller) -> None:
    first = await grants.payment(await grants.payable(), "100.00")
    parts: Parts = app.state.parts
    loop, approvals = asyncio.get_running_loop(), 0

    @settings(max_examples=scale(15))
    @given(STEPS)
    def hold(steps: list[Step]) -> None:
        def tell(session: Session) -> None:
            nonlocal approvals
            story = Story(session, grants.movement, first, parts)
            for step in steps:
                story.take(step)
                story.check()
                approvals += story.approved is not None
            raise Undone

        try:
            asyncio.run_coroutine_threadsafe(parts.acting_in(grants.movement).write(tell), loop).result()
        except Undone:
            return

    await asyncio.to_thread(hold)
    assert approvals, "a test in which nothing is ever approved shows nothing"
    assert (await grants.get(f"/v1/payments/{first['id']}")) == first
