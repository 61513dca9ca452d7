"""Any sequence of steps keeps the money right: each answer is foretold, and every sum equals a replay of the rows.

Hypothesis chooses the steps, legal or not, in a movement of its own for each example. Amounts are small numbers of
hundreds of pounds, so that budgets are met exactly, missed and passed.
"""

import asyncio
from collections.abc import Callable
from typing import ClassVar, TypeVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.applications.schemas import NewApplication
from services.grants.awards import domain as awards
from services.grants.awards.models import Award
from services.grants.funds import domain as funds
from services.grants.funds.models import Contribution, Fund
from services.grants.rounds import domain as rounds
from services.grants.rounds.models import Round
from services.grants.rounds.schemas import NewRound
from shared.auth import service_principal
from shared.db import Context, Database, open_database
from shared.errors import AppError
from shared.ids import new_id
from shared.money import Money
from tests.grants import money_model as model
from tests.plugins.parts import scale

T = TypeVar("T")
Sums = dict[str, tuple[int, ...]]
AMOUNT = st.integers(1, 8).map(lambda hundreds: hundreds * 100_00)
BUDGET = st.integers(1, 20).map(lambda hundreds: hundreds * 100_00)
STEPS = [
    ("open", rounds.close_round, "closed"),
    ("closed", rounds.assess_round, "assessing"),
    ("assessing", rounds.decide_round, "decided"),
]
"""What a round goes through between its opening and its end: from which state, by which verb, to which."""


class MoneyMachine(RuleBasedStateMachine):
    """Each rule takes one step through a verb, and holds its answer to what the model foretells."""

    runner: ClassVar[asyncio.Runner]
    database: ClassVar[Database]
    a_fund: Bundle[model.Fund] = Bundle("fund")
    a_round: Bundle[model.Round] = Bundle("round")
    an_application: Bundle[model.Application] = Bundle("application")
    an_award: Bundle[model.Award] = Bundle("award")

    def __init__(self) -> None:
        super().__init__()
        self.movement = new_id("movement")
        self.principal = service_principal("grants", self.movement)
        self.funds: list[model.Fund] = []
        self.rounds: list[model.Round] = []

    def attempt(self, refusal: str | None, verb: Callable[..., T], *arguments: object, **named: object) -> T | None:
        """Take a step, which must be refused with this code or, where it is None, succeed."""
        bound = self.database.on_behalf(Context(self.movement, "machine"))
        made, code = None, None
        try:
            made = self.runner.run(bound.write(verb, self.movement, *arguments, **named))
        except AppError as refused:
            code = refused.code
        assert code == refusal
        return made

    @rule(target=a_fund)
    def create_fund(self) -> MultipleResults[model.Fund]:
        words = {"name": "Seeds", "grant_maker": "Us", "purpose": "Being active"}
        made = self.attempt(None, funds.create_fund, currency="GBP", **words)
        assert made is not None
        self.funds.append(model.Fund(made.fund.id))
        return multiple(self.funds[-1])

    @rule(fund=a_fund, pence=BUDGET)
    def clear_money(self, fund: model.Fund, pence: int) -> None:
        amount = Money.of(pence, "GBP")
        given = {"funder": "Lottery", "promised": amount, "cleared": amount, "restriction": None}
        self.attempt(None, funds.promise_contribution, fund.id, **given)
        fund.cleared += pence

    @rule(target=a_round, fund=a_fund, minimum=AMOUNT, span=AMOUNT, budget=BUDGET)
    def draft_round(self, fund: model.Fund, minimum: int, span: int, budget: int) -> MultipleResults[model.Round]:
        pence = {"minimum": minimum, "maximum": minimum + span, "budget": budget}
        rules = {name: Money.of(amount, "GBP") for name, amount in pence.items()}
        said = NewRound.model_validate({"fund": fund.id, "title": "Seeds", **rules})
        made = self.attempt("invalid" if budget < minimum else None, rounds.draft_round, said)
        if made is None:
            return multiple()
        self.rounds.append(model.Round(made.id, fund, minimum, minimum + span, budget))
        return multiple(self.rounds[-1])

    @rule(chosen=a_round)
    def open_round(self, chosen: model.Round) -> None:
        if self.attempt(chosen.refuses_opening(), rounds.open_round, chosen.id) is not None:
            chosen.opened()

    @rule(chosen=a_round, step=st.sampled_from(STEPS))
    def move_round_on(self, chosen: model.Round, step: tuple[str, Callable[..., Round], str]) -> None:
        before, verb, after = step
        if self.attempt(chosen.refuses_step(before), verb, chosen.id) is not None:
            chosen.state = after

    @rule(chosen=a_round)
    def complete_round(self, chosen: model.Round) -> None:
        if self.attempt(chosen.refuses_step("decided"), rounds.complete_round, chosen.id) is not None:
            chosen.completed()

    @rule(chosen=a_round)
    def cancel_round(self, chosen: model.Round) -> None:
        if self.attempt(chosen.refuses_cancelling(), rounds.cancel_round, chosen.id) is not None:
            chosen.cancelled()

    @rule(target=an_application, chosen=a_round, amount=AMOUNT)
    def submit_application(self, chosen: model.Round, amount: int) -> MultipleResults[model.Application]:
        asked = {"round": chosen.id, "amount": Money.of(amount, "GBP"), "group_name": "Walkers", "summary": "Walks"}
        said = NewApplication.model_validate(asked)
        made = self.attempt(chosen.refuses_asking(amount), applications.submit_application, said, "machine")
        return multiple() if made is None else multiple(model.Application(made.id, chosen))

    @rule(application=an_application)
    def withdraw_application(self, application: model.Application) -> None:
        refusal = application.refuses_withdrawal()
        if self.attempt(refusal, applications.withdraw_application, application.id) is not None:
            application.state = "withdrawn"

    @rule(target=an_award, application=an_application, amount=AMOUNT)
    def offer_award(self, application: model.Application, amount: int) -> MultipleResults[model.Award]:
        refusal = application.refuses_award(amount)
        made = self.attempt(refusal, awards.offer_award, self.principal, application.id, Money.of(amount, "GBP"))
        if made is None:
            return multiple()
        application.awarded(amount)
        return multiple(model.Award(made.id, application, amount))

    @rule(award=an_award)
    def accept_award(self, award: model.Award) -> None:
        if self.attempt(award.refuses_answer(), awards.accept_award, award.id) is not None:
            award.state = "accepted"

    @rule(award=an_award, step=st.sampled_from([awards.lapse_award, awards.refuse_award]))
    def end_offer(self, award: model.Award, step: Callable[..., Award]) -> None:
        if self.attempt(award.refuses_answer(), step, award.id) is not None:
            award.ended()

    @rule(award=an_award)
    def cancel_award(self, award: model.Award) -> None:
        if self.attempt(award.refuses_cancelling(), awards.cancel_award, award.id) is not None:
            award.ended()

    @invariant()
    def the_money_is_right(self) -> None:
        kept, replayed = self.runner.run(self.database.read(_sums, self.movement))
        assert kept == replayed
        foretold: Sums = {fund.id: (fund.cleared, fund.reserved) for fund in self.funds}
        foretold |= {each.id: (each.committed,) for each in self.rounds}
        assert kept == foretold
        assert all(0 <= each.committed <= each.budget for each in self.rounds)
        assert all(0 <= fund.reserved <= fund.cleared for fund in self.funds)


def _sums(session: Session, movement: str) -> tuple[Sums, Sums]:
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


def test_every_sequence_of_steps_keeps_the_money_right(service_url: str) -> None:
    with asyncio.Runner() as runner:
        database = open_database(service_url, pool=2)
        runner.run(database.open())
        MoneyMachine.runner, MoneyMachine.database = runner, database
        run_state_machine_as_test(
            MoneyMachine,
            settings=settings(
                max_examples=scale(15),
                stateful_step_count=60,
                suppress_health_check=list(HealthCheck),
            ),
        )
        runner.run(database.close())
